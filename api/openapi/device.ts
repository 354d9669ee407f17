import { z } from 'zod';
import { answerBody } from '../routes/device/answer.ts';
import { biometricKeyBody } from '../routes/device/biometric-key.ts';
import { digitsBody } from '../routes/device/challenge-code.ts';
import { pinChangeBody } from '../routes/device/change-pin.ts';
import { claimBody } from '../routes/device/claim-otp.ts';
import { enrolRequest } from '../routes/device/enrol-request.ts';
import { fetchBody } from '../routes/device/fetch-challenge.ts';
import { pinChallengeBody } from '../routes/device/fetch-pin-challenge.ts';
import { pushTokenBody } from '../routes/device/push-token.ts';
import { renameBody } from '../routes/device/rename.ts';
import { keysBody } from '../routes/device/rotate-keys.ts';
import { pinKeyBody } from '../routes/device/set-pin-key.ts';
import { problemFormat } from './error-formats.ts';
import { EXAMPLE } from './example-values.ts';
import type { AnyCode, Operation, Reply, Surface } from './operation.ts';
import { emptyReply, jsonReply } from './replies.ts';

const BASE = '/device/v1';
const HEADERS = {
  'app-version': {
    description: 'Version of the app; needed where versions are configured.',
    isRequired: false,
    example: '2.4.1',
  },
};

const SIGNING_KEY = { kty: 'EC', crv: 'P-256', x: EXAMPLE.publicKey, y: EXAMPLE.publicKey };
const REQUEST = { requestId: EXAMPLE.requestId };

const sealed = jsonReply(
  200,
  'Sealed to the phone.',
  z.object({ message: z.string().describe('Armored OpenPGP message.') }),
  { message: EXAMPLE.pgpMessage },
);

const enrolled = jsonReply(
  201,
  'Enrolled.',
  z.object({ enrolmentId: z.uuid(), userId: z.string(), applicationId: z.string(), serverPgpPublicKey: z.string() }),
  {
    ...{ enrolmentId: EXAMPLE.enrolmentId, userId: EXAMPLE.userId },
    ...{ applicationId: 'demo-app', serverPgpPublicKey: EXAMPLE.pgpPublicKey },
  },
);

const pending = jsonReply(
  200,
  'Newest first.',
  z.object({
    transactions: z.array(
      z.object({
        transactionId: z.uuid(),
        userId: z.string(),
        message: z.string(),
        sentAt: z.iso.datetime(),
        expiresAt: z.iso.datetime(),
        timeToLiveSeconds: z.int(),
      }),
    ),
  }),
  {
    transactions: [
      {
        ...{ transactionId: EXAMPLE.transactionId, userId: EXAMPLE.userId, message: 'Pay 10 euro?' },
        ...{ sentAt: EXAMPLE.createdAt, expiresAt: EXAMPLE.expiresAt, timeToLiveSeconds: 120 },
      },
    ],
  },
);

const recorded = jsonReply(202, 'Kept for a worker to come.', z.object({ status: z.literal('recorded') }), {
  status: 'recorded',
});

interface Asked {
  readonly method: Operation['method'];
  readonly path: string;
  readonly summary: string;
  readonly body?: { readonly schema: z.ZodType; readonly examples: Readonly<Record<string, Record<string, unknown>>> };
  readonly replies?: readonly Reply[];
  readonly errors?: readonly AnyCode[];
}

const ASKS = ['mobile_authentication_disabled', 'transaction_unknown', 'transaction_expired'] as const;
const TRANSACTION = '/transactions/{transactionId}';

const ASKED: readonly Asked[] = [
  {
    ...{ method: 'post', path: '/enrolments', summary: 'Binds a phone to a user' },
    body: {
      schema: enrolRequest,
      examples: {
        ticket: {
          ticket: { reference: EXAMPLE.ticketReference, secret: EXAMPLE.secret },
          device: { id: EXAMPLE.deviceId, name: "alice's phone", platform: 'android' },
          ...{ pgpPublicKey: EXAMPLE.pgpPublicKey, signingKey: SIGNING_KEY },
        },
      },
    },
    replies: [enrolled],
    errors: [
      ...(['access_token_invalid', 'ticket_invalid', 'enrolment_disabled', 'push_enrolment_disabled'] as const),
      ...(['user_already_enrolled', 'device_already_enrolled'] as const),
    ],
  },
  {
    ...{ method: 'put', path: '/pin-key', summary: 'Sets the first PIN key' },
    body: { schema: pinKeyBody, examples: { first: { publicKey: EXAMPLE.publicKey } } },
    errors: ['pin_already_set'],
  },
  {
    ...{ method: 'post', path: '/pin-key/challenge', summary: 'What a change of the PIN must prove the old one over' },
    body: { schema: pinChallengeBody, examples: { ask: REQUEST } },
    replies: [sealed],
    errors: ['pin_not_set'],
  },
  {
    ...{ method: 'post', path: '/pin-key/change', summary: 'Another PIN key in place of the old one' },
    body: { schema: pinChangeBody, examples: { change: { change: EXAMPLE.pgpMessage } } },
    replies: [sealed],
    errors: ['pin_change_invalid', 'pin_not_set', 'pin_challenge_stale'],
  },
  {
    ...{ method: 'put', path: '/biometric-key', summary: 'Sets the biometric key' },
    body: { schema: biometricKeyBody, examples: { key: { publicKey: SIGNING_KEY } } },
  },
  { method: 'delete', path: '/biometric-key', summary: 'Forgets the biometric key' },
  { method: 'delete', path: '/enrolment', summary: 'Ends the enrolment' },
  {
    ...{ method: 'put', path: '/push-token', summary: 'Sets or replaces the push token' },
    body: {
      schema: pushTokenBody,
      examples: { another: { pushToken: 'another-push-token', oldPushToken: EXAMPLE.pushToken } },
    },
    errors: ['push_enrolment_disabled', 'push_token_mismatch', 'device_already_enrolled', 'user_already_enrolled'],
  },
  { method: 'delete', path: '/push-token', summary: 'Erases the push token' },
  {
    ...{ method: 'patch', path: '/device', summary: 'Renames the device' },
    body: { schema: renameBody, examples: { name: { name: 'Work phone' } } },
  },
  {
    ...{ method: 'post', path: '/keys', summary: 'New keys in place of the old ones' },
    body: { schema: keysBody, examples: { pgp: { pgpPublicKey: EXAMPLE.pgpPublicKey } } },
    errors: ['transactions_pending'],
  },
  { method: 'get', path: '/transactions', summary: 'What waits for this phone', replies: [pending] },
  {
    ...{ method: 'post', path: `${TRANSACTION}/fetch`, summary: 'What the user must see, once' },
    body: { schema: fetchBody, examples: { fetch: REQUEST } },
    replies: [sealed],
    errors: [...ASKS, 'transaction_already_settled', 'challenge_already_fetched'],
  },
  {
    ...{ method: 'post', path: '/otp', summary: 'Claims the transaction of a code, and fetches its challenge' },
    body: { schema: claimBody, examples: { code: { otp: EXAMPLE.otp, ...REQUEST } } },
    replies: [sealed],
    errors: [
      ...(['otp_invalid', 'otp_already_claimed', 'challenge_already_fetched'] as const),
      ...(['transaction_already_settled', ...ASKS] as const),
    ],
  },
  {
    ...{ method: 'post', path: '/challenge-codes', summary: 'The code to digits that a portal shows' },
    body: { schema: digitsBody, examples: { digits: { digits: EXAMPLE.challengeDigits } } },
    replies: [sealed],
    errors: ['mobile_authentication_disabled', 'otp_invalid'],
  },
  {
    ...{ method: 'post', path: `${TRANSACTION}/answer`, summary: 'The decision' },
    body: { schema: answerBody, examples: { answer: { answer: EXAMPLE.pgpMessage } } },
    replies: [sealed, recorded],
    errors: [
      ...(['answer_invalid', 'answer_undecryptable', 'challenge_not_read', 'too_many_answers'] as const),
      ...(['transaction_already_settled', ...ASKS] as const),
    ],
  },
];

/** What phones call. */
export const deviceSurface: Surface = {
  name: 'Phones',
  description: 'What the device client calls; each request carries a proof by the signing key of its enrolment.',
  errors: [
    ...(['proof_invalid', 'proof_replayed', 'enrolment_unknown', 'app_version_disabled'] as const),
    ...(['overloaded', 'unavailable'] as const),
  ],
  bodyErrors: ['request_invalid', 'body_too_large', 'media_type_unsupported'],
  errorFormat: problemFormat,
  operations: ASKED.map(({ body, replies, errors, ...asked }) => ({
    ...asked,
    path: BASE + asked.path,
    credential: 'device',
    headers: HEADERS,
    ...(body && { request: { mediaType: 'application/json', ...body } }),
    replies: replies ?? [emptyReply('Done.')],
    errors: errors ?? [],
  })),
};
