import { generateKeyPairSync } from 'node:crypto';
import {
  type Administrator,
  administrationEvents,
  administratorOf,
  etagOf,
  newSecret,
} from '../support/administration.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let admin: Administrator;

beforeAll(async () => {
  // Room for sixteen changes at once: none is to be refused for want of a connection.
  stack = await startStack({ env: { DATABASE_POOL_SIZE: '20' } });
  admin = administratorOf(stack);
  await admin.create('/applications', { id: 'versioned', name: 'Versioned' });
});

afterAll(() => stack.stop());

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const serviceAccount = {
  type: 'service_account',
  project_id: 'a-project',
  private_key_id: 'key-1',
  private_key: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  client_email: 'push@a-project.example',
  token_uri: 'https://oauth2.example/token',
};

const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

interface Kind {
  readonly resource: string;
  readonly path: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** As it is read: with defaults, and without secrets. */
  readonly shown: Readonly<Record<string, unknown>>;
  readonly patch: Readonly<Record<string, unknown>>;
  readonly faulty: Readonly<Record<string, unknown>>;
  readonly pointer: string;
  readonly event: string;
  readonly secrets: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    resource: 'callback-addresses',
    path: '/callback-addresses/shop',
    document: {
      name: 'shop',
      url: 'https://shop.example/callback?from=countersign',
      username: 'countersign',
      password: 'callback-password',
      webhookSecret: WEBHOOK_SECRET,
    },
    shown: { password: { set: true }, webhookSecret: { set: true } },
    patch: { url: 'https://shop.example/other' },
    faulty: { webhookSecret: 'whsec_short' },
    pointer: '#/webhookSecret',
    event: 'ADMIN_CALLBACK_ADDRESS',
    secrets: ['callback-password', WEBHOOK_SECRET],
  },
  {
    resource: 'translations',
    path: '/translations/a.text/nl',
    document: { key: 'a.text', locale: 'nl', value: 'Tekst' },
    shown: { value: 'Tekst' },
    patch: { value: 'Andere tekst' },
    faulty: { value: 'x'.repeat(1_025) },
    pointer: '#/value',
    event: 'ADMIN_TRANSLATION',
    secrets: [],
  },
  {
    resource: 'authentication-types',
    path: '/authentication-types/login',
    document: { name: 'login', method: 'push', timeToLiveSeconds: 60, defaultMessages: { en: 'You?' } },
    shown: { maxResends: 0, transactionSigning: false, numberDigits: 2, defaultMessages: { en: 'You?' } },
    patch: { maxResends: 3 },
    faulty: { timeToLiveSeconds: 601 },
    pointer: '#/timeToLiveSeconds',
    event: 'ADMIN_AUTH_PROPERTIES_SET',
    secrets: [],
  },
  {
    resource: 'push-configurations',
    path: '/push-configurations/firebase',
    document: { name: 'firebase', platform: 'android', provider: 'fcm_http_v1', settings: { serviceAccount } },
    shown: { settings: { set: true } },
    patch: { platform: 'ios' },
    faulty: { settings: { serviceAccount: { ...serviceAccount, private_key: 'no key' } } },
    pointer: '#/settings',
    event: 'ADMIN_PUSH_MESSAGING_CONFIG',
    secrets: [serviceAccount.private_key.slice(40, 80), 'a-project'],
  },
  {
    resource: 'sms-gateways',
    path: '/sms-gateways/own',
    document: {
      name: 'own',
      kind: 'rest',
      rank: 1,
      settings: { url: 'https://sms.example/send', username: 'countersign', password: 'gateway-password' },
    },
    shown: { settings: { set: true } },
    patch: { rank: 2 },
    faulty: { settings: { url: 'ftp://sms.example' } },
    pointer: '#/settings/url',
    event: 'ADMIN_SMS_GATEWAY',
    secrets: ['gateway-password', 'sms.example'],
  },
  {
    resource: 'applications',
    path: '/applications/bank',
    document: {
      id: 'bank',
      name: 'Bank',
      androidPushConfiguration: 'demo-fcm',
      customAuthenticator: { url: 'https://verifier.example', secret: 'a-verifier-secret' },
    },
    shown: { pinMaxAttempts: 3, fingerprintEnabled: true, customAuthenticator: { set: true } },
    patch: { pinMaxAttempts: 5, customAuthenticator: { url: 'https://other.example' } },
    faulty: { iosPushConfiguration: 'nowhere' },
    pointer: '#/iosPushConfiguration',
    event: 'ADMIN_APPLICATION',
    secrets: ['a-verifier-secret', 'other.example'],
  },
  {
    resource: 'app-versions',
    path: '/app-versions/versioned/ios/1.0%2B2',
    document: { application: 'versioned', platform: 'ios', version: '1.0+2', status: 'LOGIN_REGISTRATION' },
    shown: {},
    patch: { status: 'DISABLED', pushConfiguration: 'demo-fcm' },
    faulty: { status: 'ON' },
    pointer: '#/status',
    event: 'ADMIN_APP_VERSION',
    secrets: [],
  },
  {
    resource: 'api-clients',
    path: '/api-clients/shop',
    document: { id: 'shop', name: 'Shop', scopes: ['onegini_api_events'], secret: newSecret() },
    shown: { secret: { set: true } },
    patch: { scopes: ['onegini_api_events', 'onegini_api_end_user'] },
    faulty: { scopes: ['everything'] },
    pointer: '#/scopes/0',
    event: 'ADMIN_API_CLIENT',
    secrets: [],
  },
];

describe.each(KINDS)('$resource', ({ resource, path, document, shown, patch, faulty, pointer, event, secrets }) => {
  it('are created, read, listed, changed and deleted, each change with its event', async () => {
    const created = await admin.create(`/${resource}`, document);
    const { secret: _secret, settings: _settings, customAuthenticator: _custom, ...plain } = document;
    expect(created).toMatchObject({ status: 201, body: { ...plain, ...shown } });
    expect(created.headers.get('location')).toBe(`/admin/v1${path}`);

    const read = await admin.read(path);
    expect(read).toMatchObject({ status: 200, body: created.body });
    expect(etagOf(read)).toBe(etagOf(created));
    const listed = await admin.read(`/${resource}?limit=200`);
    expect(listed.body.items).toContainEqual({ ...read.body, etag: etagOf(read) });

    const merged = await admin.merge(path, patch, etagOf(read));
    const { customAuthenticator: _patched, ...plainPatch } = patch;
    expect(merged).toMatchObject({ status: 200, body: { ...plain, ...shown, ...plainPatch } });
    expect(etagOf(merged)).not.toBe(etagOf(read));

    // What was read can be written back as it is, and changes nothing.
    const same = await admin.replace(path, merged.body, etagOf(merged));
    expect(same).toMatchObject({ status: 200, body: merged.body });
    expect(etagOf(same)).toBe(etagOf(merged));

    expect(await admin.remove(path, etagOf(same))).toMatchObject({ status: 204 });
    expect(await admin.read(path)).toMatchObject({ status: 404, body: { code: 'resource_unknown' } });

    const id = decodeURIComponent(path.slice(resource.length + 2));
    const events = (await administrationEvents(stack)).filter(
      ({ details }) => details.resource === resource && details.id === id,
    );
    expect(events).toMatchObject([
      { name: `${event}_CREATED`, client_id: 'demo-portal', details: { id } },
      { name: `${event}_UPDATED`, client_id: 'demo-portal', details: { id, fields: Object.keys(patch).join(',') } },
      { name: `${event}_DELETED`, client_id: 'demo-portal', details: { id } },
    ]);
    const told = JSON.stringify([created.body, read.body, merged.body, listed.body, events]);
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  it('are refused with every field at fault, and stay as they are', async () => {
    const isShown = { name: 'left', id: 'left', version: 'left', key: 'left' };
    const other = Object.fromEntries(
      Object.entries(document).map(([name, value]) => [name, name in isShown ? 'left' : value]),
    );
    const refused = await admin.create(`/${resource}`, { ...other, ...faulty, unheardOf: 1 });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request_invalid', status: 400 } });
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const pointers = refused.body.errors.map((error: { pointer: string }) => error.pointer);
    // A document of the wrong shape is not looked at any further.
    expect(pointers).toContain('#');
    const again = await admin.create(`/${resource}`, { ...other, ...faulty });
    expect(again).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });

    const created = await admin.create(`/${resource}`, other);
    expect(created.status).toBe(201);
    const place = created.headers.get('location')?.slice('/admin/v1'.length) as string;
    expect(await admin.create(`/${resource}`, other)).toMatchObject({ status: 409, body: { code: 'resource_exists' } });
    expect(await admin.merge(place, faulty)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    const key = Object.keys(other).find((name) => name in isShown) as string;
    expect(await admin.merge(place, { [key]: 'renamed' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: `#/${key === 'name' && 'id' in other ? 'id' : key}` }] },
    });
    expect(etagOf(await admin.read(place))).toBe(etagOf(created));
    expect(await admin.remove(place)).toMatchObject({ status: 204 });
    for (const secret of secrets) expect(JSON.stringify(again.body)).not.toContain(secret);
  });

  it('are changed and deleted only in the state that If-Match names', async () => {
    await admin.create(`/${resource}`, document);
    const first = etagOf(await admin.read(path));
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(patch);
    for (const method of ['PUT', 'PATCH']) {
      expect(await admin.request(method, path, { body, headers })).toMatchObject({
        status: 428,
        body: { code: 'precondition_required' },
      });
    }
    expect(await admin.request('DELETE', path)).toMatchObject({ status: 428 });
    expect(await admin.merge(path, patch, first)).toMatchObject({ status: 200 });
    for (const stale of [first, `W/${etagOf(await admin.read(path))}`, '"x"']) {
      const refused = { status: 412, body: { code: 'precondition_failed' } };
      expect(await admin.replace(path, document, stale)).toMatchObject(refused);
      expect(await admin.merge(path, patch, stale)).toMatchObject(refused);
      expect(await admin.remove(path, stale)).toMatchObject(refused);
    }
    const present = etagOf(await admin.read(path));
    expect(await admin.remove(path, `"1", ${present}`)).toMatchObject({ status: 204 });
    expect(await admin.remove(path, '*')).toMatchObject({ status: 404 });
  });
});

describe('of sixteen changes that name one state', () => {
  it.each([
    ['PUT', '/authentication-types/push', (n: number) => ({ method: 'push', timeToLiveSeconds: 100 + n })],
    ['PATCH', '/general-settings', (n: number) => ({ uniquePgpKeysEnabled: true, pushEnrolmentMode: modes[n % 2] })],
  ])('one wins (%s %s)', async (method, path, bodyOf) => {
    const etag = etagOf(await admin.read(path));
    const replies = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        admin.request(method, path, {
          body: JSON.stringify(bodyOf(index)),
          headers: { 'content-type': 'application/json', 'if-match': etag },
        }),
      ),
    );
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array(15).fill(412)]);
    const winner = replies.find(({ status }) => status === 200);
    expect((await admin.read(path)).body).toEqual(winner?.body);
  });
  const modes = ['override_allowed', 'multiple_devices'];
});

describe('what there is one of', () => {
  it.each([
    ['/features', 'geolocation', 'ADMIN_FEATURES_UPDATED'],
    ['/general-settings', 'pushEnrolmentEnabled', 'ADMIN_MOBILE_CONFIG_UPDATED'],
  ])('%s is read and changed, and nothing else', async (path, field, event) => {
    const before = await admin.read(path);
    expect(await admin.merge(path, { [field]: false })).toMatchObject({
      status: 200,
      body: { ...before.body, [field]: false },
    });
    expect((await administrationEvents(stack)).at(-1)).toMatchObject({ name: event, details: { fields: field } });
    expect(await admin.replace(path, before.body)).toMatchObject({ status: 200, body: before.body });
    expect(await admin.replace(path, { [field]: true })).toMatchObject({ status: 400 });
    expect(await admin.remove(path)).toMatchObject({ status: 405 });
    expect(await admin.create(path, {})).toMatchObject({ status: 405 });
  });
});

describe('a list', () => {
  it('comes in pages in the order of names', async () => {
    await admin.create('/applications', { id: 'paged', name: 'Paged' });
    for (let index = 0; index < 7; index += 1) {
      await admin.create('/app-versions', {
        application: 'paged',
        platform: index % 2 ? 'ios' : 'android',
        version: `9.${index}`,
        status: 'LOGIN_ONLY',
      });
    }
    const seen: string[] = [];
    let next: string | null = '';
    let pages = 0;
    while (next !== null) {
      const page = await admin.read(`/app-versions?limit=3${next && `&after=${next}`}`);
      expect(page.status).toBe(200);
      seen.push(
        ...page.body.items.map(
          (item: Record<string, string>) => `${item.application} ${item.platform} ${item.version}`,
        ),
      );
      next = page.body.next;
      pages += 1;
    }
    expect(pages).toBeGreaterThan(2);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen.length).toBeGreaterThanOrEqual(7);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'after=nonsense', 'after=WyJhIl0'])('refuses %s', async (query) => {
    expect(await admin.read(`/app-versions?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'request_invalid' },
    });
  });
});

it('keeps the rank of each SMS gateway its own, and fallbacks to push methods', async () => {
  const gateway = { kind: 'console', settings: {} };
  expect(await admin.create('/sms-gateways', { ...gateway, name: 'first', rank: 1 })).toMatchObject({ status: 201 });
  expect(await admin.create('/sms-gateways', { ...gateway, name: 'second', rank: 2 })).toMatchObject({ status: 201 });
  const taken = { status: 409, body: { code: 'resource_exists' } };
  expect(await admin.merge('/sms-gateways/second', { rank: 1 })).toMatchObject(taken);
  const type = { name: 'by-sms', timeToLiveSeconds: 60, fallback: 'sms' };
  expect(await admin.create('/authentication-types', { ...type, method: 'otp' })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '#/fallback' }] },
  });
  expect(await admin.create('/authentication-types', { ...type, method: 'push' })).toMatchObject({ status: 201 });
  const settings = { smsAuthenticationEnabled: true, smsAllowedCountries: ['NL', 'BE'], smsSenderId: 'Bank' };
  expect(await admin.merge('/general-settings', settings)).toMatchObject({ status: 200, body: settings });
  expect(await admin.merge('/general-settings', { smsAllowedCountries: null })).toMatchObject({ status: 200 });
  expect((await admin.read('/general-settings')).body).not.toHaveProperty('smsAllowedCountries');
});

it('keeps what others refer to', async () => {
  const referenced = { status: 409, body: { code: 'resource_referenced' } };
  expect(await admin.remove('/push-configurations/demo-fcm')).toMatchObject(referenced);
  await stack.portal.ticket('alice');
  expect(await admin.remove('/applications/demo-app')).toMatchObject(referenced);
});

it('counts the version of a type up with each change, and results name the one they began with', async () => {
  const phone = await stack.enrolPhone('alice');
  const transactionId = await stack.begin(phone);
  const began = (await stack.portal.result(transactionId)).body.policy_version;
  await admin.merge('/authentication-types/push', { timeToLiveSeconds: 77 });
  expect((await stack.portal.result(transactionId)).body.policy_version).toBe(began);
  const later = await stack.portal.begin({
    type: 'push',
    user_id: phone.userId,
    device_id: phone.deviceId,
    callback_uri: stack.callbacks.url,
    message: 'Log in?',
  });
  expect(later.body.time_to_live).toBe(77_000);
  expect((await stack.portal.result(later.body.transaction_id)).body.policy_version).toBe(began + 1);
});

it.each(['%00', 'a%00b', '%ED%A0%80'])(
  'the name %s, which can not be stored, is unknown or no address',
  async (name) => {
    for (const path of [`/applications/${name}`, `/app-versions/demo-app/ios/${name}`]) {
      expect([400, 404]).toContain((await admin.read(path)).status);
      expect([400, 404]).toContain((await admin.remove(path, '*')).status);
    }
    expect([400, 404]).toContain((await admin.create(`/api-clients/${name}/secret`, {})).status);
  },
);

it('refuses text that can not be stored, wherever it stands', async () => {
  const type = { name: 'nul', method: 'push', timeToLiveSeconds: 60 };
  for (const text of ['a\0b', '\ud800']) {
    const reply = await admin.create('/authentication-types', { ...type, defaultMessages: { en: text } });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/defaultMessages' }] } });
    const position = Buffer.from(JSON.stringify([text])).toString('base64url');
    expect(await admin.read(`/applications?after=${position}`)).toMatchObject({ status: 400 });
    const basic = `Basic ${Buffer.from(`${encodeURIComponent(text.toWellFormed())}:secret`).toString('base64')}`;
    const stranger = await fetch(`${stack.apiUrl}/admin/v1/features`, { headers: { authorization: basic } });
    expect(stranger.status).toBe(401);
  }
});

it('takes merge patches by their own media type', async () => {
  const path = '/authentication-types/push-pin';
  const reply = await admin.request('PATCH', path, {
    body: '{"maxResends":1}',
    headers: { 'content-type': 'application/merge-patch+json', 'if-match': '*' },
  });
  expect(reply).toMatchObject({ status: 200, body: { maxResends: 1, method: 'push_with_pin' } });
});

it('is refused as a body that is no document, or too large, or of another kind', async () => {
  const path = '/authentication-types';
  const headers = { 'content-type': 'application/json' };
  for (const body of ['[]', '"text"']) {
    expect(await admin.request('POST', path, { body, headers })).toMatchObject({ status: 400 });
  }
  expect(await admin.request('POST', path, { headers })).toMatchObject({ status: 400 });
  expect(await admin.request('POST', path, { body: '{}', headers: { 'content-type': 'text/plain' } })).toMatchObject({
    status: 415,
  });
  const large = JSON.stringify({ name: 'x'.repeat(70_000) });
  expect(await admin.request('POST', path, { body: large, headers })).toMatchObject({ status: 413 });
});

it('leaves nothing in the log that looks like breakage', () => {
  expect(stack.api.output()).not.toMatch(/request failed/);
});
