import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { createServiceAccount } from '../../dev/service-account.ts';
import { seal } from '../../runtime/sealing.ts';
import { createPortal } from '../support/portal.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Operators ask a provider whether it takes a push configuration, and change configurations while everything runs. */
describe('push configurations', () => {
  let stack: Stack;
  let configurationId: string;
  let settings: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    stack = await startStack();
    const { fcm, database } = stack;
    settings = { serviceAccount: fcm.serviceAccount, endpoint: fcm.url };
    configurationId = (await database.knex('push_configurations').where({ name: 'demo-fcm' }).first()).id;
  });
  afterAll(() => stack?.stop());

  const sealed = (id: string, value: unknown) =>
    seal(stack.keyring, 'push_configurations.sealed_settings', id, JSON.stringify(value));

  async function add(name: string, provider: string, value: unknown): Promise<string> {
    const id = uuidv7();
    const row = { id, name, platform: 'android', provider, sealed_settings: sealed(id, value) };
    await stack.database.knex('push_configurations').insert(row);
    return name;
  }

  const test = (nameOrId: string, body: object = {}) =>
    stack.portal.request('POST', `/admin/v1/push-configurations/${encodeURIComponent(nameOrId)}/test`, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  async function register(): Promise<string> {
    const minted = await fetch(`${stack.fcm.url}/simulator/registrations`, { method: 'POST' });
    return ((await minted.json()) as { token: string }).token;
  }

  const revokedAccount = async () => ({
    ...settings,
    serviceAccount: await createServiceAccount(`${stack.fcm.url}/token`),
  });

  it('that the provider takes are told so, by name and by id, and nothing is sent', async () => {
    const pushToken = await register();
    const accepted = { status: 200, body: { result: 'accepted', providerMessageId: expect.any(String) } };
    expect(await test('demo-fcm')).toMatchObject(accepted);
    expect(await test(configurationId)).toMatchObject(accepted);
    expect(await test('demo-fcm', { pushToken })).toMatchObject(accepted);
    const arrived = await fetch(`${stack.fcm.url}/simulator/pushes`);
    expect(await arrived.json()).toStrictEqual({ pushes: [] });
  });

  it('are told what is wrong with a push token', async () => {
    expect(await test('demo-fcm', { pushToken: 'not-a-token' })).toMatchObject({
      status: 200,
      body: { result: 'refused', failure: 'token_gone', providerCode: 'INVALID_ARGUMENT_TOKEN' },
    });
  });

  it.each([
    ['of a service account that was revoked', 'fcm_http_v1', revokedAccount, 'token_refused'],
    [
      'of another project',
      'fcm_http_v1',
      async () => ({ ...settings, serviceAccount: { ...stack.fcm.serviceAccount, project_id: 'another' } }),
      'http_403',
    ],
    ['with settings of another provider', 'fcm_http_v1', async () => ({ serverKey: 'k' }), 'no_usable_settings'],
    [
      'of the legacy interface with another key',
      'fcm_legacy',
      async () => ({ serverKey: 'AAAA-another-key-of-this-form', endpoint: `${stack.fcm.url}/fcm/send` }),
      'http_401',
    ],
  ])('%s are refused, and say why', async (_name, provider, settingsOf, providerCode) => {
    const name = await add(`refused ${randomBytes(4).toString('hex')}`, provider, await settingsOf());
    expect(await test(name)).toMatchObject({
      status: 200,
      body: { result: 'refused', failure: 'misconfigured', providerCode },
    });
  });

  it('of the legacy interface are taken with its key', async () => {
    const { serverKey, url } = stack.fcm;
    const name = await add('legacy', 'fcm_legacy', { serverKey, endpoint: `${url}/fcm/send` });
    expect(await test(name)).toMatchObject({ status: 200, body: { result: 'accepted' } });
  });

  it('that do not exist are unknown, and a token must be one', async () => {
    expect(await test('absent')).toMatchObject({ status: 404, body: { code: 'resource_unknown' } });
    expect(await test(uuidv7())).toMatchObject({ status: 404, body: { code: 'resource_unknown' } });
    expect(await test('demo-fcm', { pushToken: '' })).toMatchObject({
      status: 400,
      body: { code: 'request_invalid', detail: 'pushToken' },
    });
    const path = '/admin/v1/push-configurations/demo-fcm/test';
    expect(await stack.portal.request('GET', path)).toMatchObject({ status: 405 });
  });

  it('are for administrators alone', async () => {
    const secret = randomBytes(32).toString('base64url');
    await stack.database.knex('api_clients').insert({
      id: 'other-portal',
      name: 'Another portal',
      secret_sha256: createHash('sha256').update(secret).digest(),
      scopes: ['onegini_api_mobile_authentication', 'onegini_api_user_registration'],
    });
    const replyTo = (credentials: { id: string; secret: string }) =>
      createPortal(stack.apiUrl, credentials).request('POST', '/admin/v1/push-configurations/demo-fcm/test');
    expect(await replyTo({ id: 'demo-portal', secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { code: 'client_unauthenticated' },
    });
    expect(await replyTo({ id: 'other-portal', secret })).toMatchObject({
      status: 403,
      body: { code: 'action_forbidden' },
    });
  });

  it('are asked about eight at once, each within the time for a push; one more is told so at once', async () => {
    const pushToken = await register();
    await fetch(`${stack.fcm.url}/simulator/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: pushToken, reply: 'hang' }),
    });
    const replies = await Promise.all(Array.from({ length: 9 }, () => test('demo-fcm', { pushToken })));
    const timeouts = replies.filter(({ body }) => body.providerCode === 'timeout');
    const refused = replies.filter(({ status }) => status === 503);
    expect([timeouts.length, refused.length]).toStrictEqual([8, 1]);
    expect(refused[0]).toMatchObject({ body: { code: 'overloaded' } });
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
  });

  it('that change are taken up without a restart, and back again', async () => {
    const phone = await stack.enrolPhone('alice');
    const begin = () =>
      stack.portal.begin({
        type: 'push',
        user_id: 'alice',
        device_id: phone.deviceId,
        callback_uri: stack.callbacks.url,
        message: 'Log in?',
      });
    /** Each is a transaction of its own; the change counts within a second. */
    async function beginUntil(status: number): Promise<void> {
      for (let reply = await begin(); reply.status !== status; reply = await begin()) {
        expect([200, 503]).toContain(reply.status);
      }
    }
    const { knex } = stack.database;
    const change = async (value: unknown) =>
      knex('push_configurations')
        .where({ id: configurationId })
        .update({ sealed_settings: sealed(configurationId, value), version: knex.raw('version + 1') });
    await beginUntil(200);
    await change(await revokedAccount());
    await beginUntil(503);
    const [alarm] = await knex('events').where({ name: 'PUSH_CONFIGURATION_ALARM' }).pluck('details');
    expect(alarm).toStrictEqual({
      configuration: 'demo-fcm',
      provider: 'fcm_http_v1',
      failure: 'misconfigured',
      providerCode: 'token_refused',
    });
    await change(settings);
    await beginUntil(200);
  });
});
