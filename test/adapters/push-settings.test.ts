import { generateKeyPairSync } from 'node:crypto';
import { checkPushSettings } from '../../activities/adapters/push-providers.ts';
import type { PushProvider } from '../../activities/ports.ts';

const pemOf = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

const ecPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const account = {
  type: 'service_account',
  project_id: 'bank',
  private_key_id: 'key-1',
  private_key: pemOf(2048),
  client_email: 'sender@bank.iam.gserviceaccount.com',
  client_id: '1',
  token_uri: 'https://oauth2.googleapis.com/token',
};
const SERVER_KEY = 'AAAA1234567:APA91bSECRET';
const FAULTY_KEY = '-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n';

const service = (change: object) => ({ serviceAccount: { ...account, ...change } });

describe('settings of a push configuration', () => {
  it.each<[PushProvider, string, unknown]>([
    ['fcm_http_v1', 'a key file as Google gives it', { serviceAccount: account }],
    [
      'fcm_http_v1',
      'everything there is',
      {
        serviceAccount: account,
        endpoint: 'https://fcm.bank.example/',
        transport: 'http',
        content: 'notification_and_data',
        notificationTitle: 'The bank',
        proxyUrl: 'http://user:p%40ss@proxy.bank.example:3128',
      },
    ],
    ['fcm_http_v1', "Google's SDK", { serviceAccount: account, transport: 'firebase-admin', proxyUrl: null }],
    ['fcm_http_v1', 'an endpoint on this machine', { serviceAccount: account, endpoint: 'http://127.0.0.1:8090' }],
    ['fcm_legacy', 'a key', { serverKey: SERVER_KEY }],
    ['fcm_legacy', 'a key and an endpoint', { serverKey: SERVER_KEY, endpoint: 'https://push.bank.example/send' }],
  ])('of %s are taken with %s', (provider, _name, settings) => {
    expect(checkPushSettings(provider, settings)).toStrictEqual({ ok: true });
  });

  it.each<[PushProvider, string, unknown, string]>([
    ['fcm_http_v1', 'nothing', undefined, 'settings: '],
    ['fcm_http_v1', 'no account', {}, 'serviceAccount: '],
    ['fcm_http_v1', 'a key that is none', service({ private_key: FAULTY_KEY }), 'serviceAccount.private_key: must be'],
    ['fcm_http_v1', 'a key of another kind', service({ private_key: ecPem }), 'serviceAccount.private_key: must be'],
    ['fcm_http_v1', 'too short a key', service({ private_key: pemOf(1024) }), 'serviceAccount.private_key: must be'],
    ['fcm_http_v1', 'an account of another type', service({ type: 'authorized_user' }), 'serviceAccount.type: '],
    ['fcm_http_v1', 'no project', service({ project_id: '' }), 'serviceAccount.project_id: '],
    [
      'fcm_http_v1',
      'a token server without TLS',
      service({ token_uri: 'http://oauth2.example/token' }),
      'serviceAccount.token_uri: must begin with https://',
    ],
    [
      'fcm_http_v1',
      'an endpoint without TLS',
      { serviceAccount: account, endpoint: 'http://fcm.bank.example' },
      'endpoint: must begin with https://',
    ],
    [
      'fcm_http_v1',
      'an endpoint that the SDK does not know',
      { serviceAccount: account, transport: 'firebase-admin', endpoint: 'https://fcm.bank.example' },
      'endpoint: the transport firebase-admin calls',
    ],
    ['fcm_http_v1', 'a transport that there is not', { serviceAccount: account, transport: 'smtp' }, 'transport: '],
    [
      'fcm_http_v1',
      'a proxy of another kind',
      { serviceAccount: account, proxyUrl: 'socks5://proxy:1080' },
      'proxyUrl: must be an address that begins with http://',
    ],
    ['fcm_http_v1', 'a misspelt setting', { serviceAccount: account, endpont: 'https://x.example' }, 'settings: '],
    ['fcm_legacy', 'no key', {}, 'serverKey: '],
    ['fcm_legacy', 'a key with a line break', { serverKey: `${SERVER_KEY}\n` }, 'serverKey: must be'],
    ['fcm_legacy', 'a service account', { serviceAccount: account }, 'serverKey: '],
  ])('of %s are refused with %s, with the field and without its value', (provider, _name, settings, reason) => {
    const checked = checkPushSettings(provider, settings);
    expect(checked).toStrictEqual({ ok: false, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(checked)).not.toContain('SECRET');
  });
});
