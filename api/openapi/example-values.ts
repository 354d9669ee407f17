import type { PathParameter } from './operation.ts';

/** Values that stand for others in examples; whoever tries an example puts their own in these places. */
export const EXAMPLE = {
  userId: 'alice',
  deviceId: '4cb1f0a59d7e3c26a8b0175f6e92d43c81b7f0ae5d39c4627e8f01b3a6d5c942',
  transactionId: '01a20c37-4cc5-73e6-aaf1-f5c832e212cc',
  requestId: '6f1c0d0e-4b7e-4f0a-9a51-2f6d2d1f7c55',
  enrolmentId: '01a20c37-490a-7216-a6dc-743a0cabfa16',
  callbackUri: 'https://shop.example/callback',
  phoneNumber: '+31612345678',
  smsCode: '482913',
  challengeDigits: '730192',
  password: 's3cret-bank',
  secret: 'Zk1xT0l4U3RkQ2p5bWJ2V0hJYzdrcVQ5cE5hd0VyMkE',
  ticketReference: '01a20c37-1111-7a3e-8f5c-6f1f2a7b9c10',
  pushToken: 'example-push-token',
  publicKey: 'Q2gXkVh0mYd1u3L8n5pR7tW9zB4cF6hJ-aD2eS0gTyU',
  pgpPublicKey: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n…\n-----END PGP PUBLIC KEY BLOCK-----\n',
  pgpMessage: '-----BEGIN PGP MESSAGE-----\n…\n-----END PGP MESSAGE-----\n',
  otp: 'MDFhMjBjMzctNGNjNS03M2U2LWFhZjEtZjVjODMyZTIxMmNjOlBCc2ZZbXE5cHpfWmJWcVBnMVQ4X1E=',
  registrationId: '01a20c37-2222-7a3e-8f5c-6f1f2a7b9c10',
  createdAtMs: 1_795_501_291_604,
  createdAt: '2026-11-24T06:21:31.604Z',
  expiresAt: '2026-11-24T06:23:31.604Z',
} as const;

const PATH: Readonly<Record<string, PathParameter>> = {
  userId: { example: EXAMPLE.userId, description: 'The user, by the id that portals know.' },
  deviceId: { example: EXAMPLE.deviceId, description: 'The device, by 64 hexadecimal digits.' },
  applicationId: { example: 'demo-app', description: 'The application.' },
  applicationInstanceId: { example: EXAMPLE.deviceId, description: 'The device.' },
  transactionId: { example: EXAMPLE.transactionId, description: 'The transaction (UUID).' },
  type: { example: 'push', description: 'Name of an authentication type.' },
  user: { example: EXAMPLE.userId, description: 'The user, with `@` and the domain where it is not the default one.' },
  requestID: { example: EXAMPLE.transactionId, description: 'As the call that asked the user told it.' },
};

/** Example and meaning of a parameter in a path. Some names mean another thing in each of several addresses. */
export function pathParameterOf(path: string, name: string): PathParameter | undefined {
  if (path.startsWith('/admin/v1/api-clients/')) return { example: 'shop-portal', description: 'The API client.' };
  if (path.startsWith('/admin/v1/push-configurations/') && path.endsWith('/test')) {
    return { example: 'bank-fcm', description: 'The push configuration, by name or id.' };
  }
  if (path.startsWith('/admin/v1/onespan-domains/')) return { example: 'bank', description: 'The domain.' };
  if (path.startsWith('/admin/v1/transactions/')) return PATH.transactionId;
  if (path.startsWith('/v1/registrations/')) {
    return { example: EXAMPLE.registrationId, description: 'As `register` told it.' };
  }
  return PATH[name];
}
