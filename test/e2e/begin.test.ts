import { randomUUID } from 'node:crypto';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('a begin', () => {
  let stack: Stack;
  let phone: Phone;
  let form: Record<string, string>;

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
    form = {
      type: 'push',
      user_id: 'alice',
      device_id: phone.deviceId,
      callback_uri: stack.callbacks.url,
      message: 'Log in?',
    };
    await stack.database.knex('authentication_types').insert({
      name: 'push-without-default',
      method: 'push',
      time_to_live_seconds: 60,
      max_resends: 0,
    });
  });
  afterAll(() => stack?.stop());

  const without = (name: string) => Object.fromEntries(Object.entries(form).filter(([key]) => key !== name));
  const pushesTo = async ({ pushToken }: Phone) => {
    const reply = await fetch(`${stack.fcm.url}/simulator/pushes?token=${encodeURIComponent(pushToken)}`);
    return ((await reply.json()) as { pushes: { message: { data: { content: string } } }[] }).pushes;
  };

  it.each([
    ['type is missing', { type: '' }, 400, '1003'],
    ['type is unknown', { type: 'no-such-type' }, 404, '3005'],
    ['user is missing', { user_id: '' }, 400, '1003'],
    ['user is unknown', { user_id: 'nobody' }, 404, '1001'],
    ['device is missing', { device_id: '' }, 400, '1003'],
    ["device is not the user's", { device_id: '0'.repeat(64) }, 404, '1001'],
    ['callback address is missing', { callback_uri: '' }, 400, '1003'],
    ['callback address is no http address', { callback_uri: 'ftp://portal.example/x' }, 400, '1003'],
    ['callback address holds a password', { callback_uri: 'https://a:b@portal.example/' }, 400, '1003'],
    ['message is too long', { message: 'x'.repeat(156) }, 400, '1005'],
    ['message is missing and the type has none', { message: '', type: 'push-without-default' }, 400, '1003'],
  ])('is refused when the %s', async (_case, change, status, code) => {
    const reply = await stack.portal.begin({ ...form, ...change });
    expect(reply).toMatchObject({ status, body: { error_code: code } });
    expect(reply.body).toEqual({
      error: expect.any(String),
      error_description: reply.body.description,
      error_code: code,
      description: expect.any(String),
    });
  });

  it('takes a message of 155 characters, however many bytes those are', async () => {
    expect((await stack.portal.begin({ ...form, message: `${'€'.repeat(154)}😀` })).status).toBe(200);
  });

  it('uses the default message of the type, in the language asked for or in English', async () => {
    const english = 'Is this you? Please confirm.';
    const default_messages = JSON.stringify({ en: english, nl: 'Bent u dit?' });
    const types = stack.database.knex('authentication_types');
    await types.insert({
      ...{ name: 'push-bilingual', method: 'push', time_to_live_seconds: 60, max_resends: 0 },
      default_messages,
    });
    const messageIn = async (languageCode: Record<string, string>) => {
      const begun = await stack.portal.begin({ ...without('message'), type: 'push-bilingual', ...languageCode });
      const pending = await phone.client.pending();
      return pending.find(({ transactionId }) => transactionId === begun.body.transaction_id)?.message;
    };
    expect(await messageIn({ language_code: 'nl' })).toBe('Bent u dit?');
    expect(await messageIn({ language_code: 'de' })).toBe(english);
    expect(await messageIn({})).toBe(english);
    for (const language_code of ['NL', 'nl-NL', 'n']) {
      expect(await stack.portal.begin({ ...form, language_code })).toMatchObject({
        ...{ status: 400, body: { error_code: '1003' } },
      });
    }
  });

  it('takes the client from the form body too, and refuses a wrong one like an unknown one', async () => {
    const path = '/oauth/api/v4/authenticate/user';
    const { id, secret } = stack.portal.credentials;
    const post = (body: Record<string, string>) =>
      fetch(stack.apiUrl + path, { method: 'POST', body: new URLSearchParams({ ...form, ...body }) });
    expect((await post({ client_id: id, client_secret: secret })).status).toBe(200);
    const wrong = await post({ client_id: id, client_secret: 'wrong' });
    const unknown = await post({ client_id: 'nobody', client_secret: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic /);
    const body = await wrong.json();
    expect(body).toEqual({ error: 'invalid_client', error_description: expect.any(String) });
    expect([unknown.status, await unknown.json()]).toEqual([401, body]);
  });

  it('pushes ids and the short message only, for as long as the transaction lives', async () => {
    const bob = await stack.enrolPhone('bob');
    const transactionId = await stack.begin(bob, { message: 'Short', secure_message: 'Very confidential' });
    const [push] = await pushesTo(bob);
    expect(JSON.stringify(push)).not.toContain('confidential');
    expect(push?.message).toMatchObject({ android: { priority: 'HIGH', ttl: expect.stringMatching(/^1[12]\ds$/) } });
    expect(JSON.parse(push?.message.data.content as string)).toEqual({
      og_transaction_id: transactionId,
      og_profile_id: 'bob',
      og_message: 'Short',
      timestamp: expect.any(Number),
      timeToLiveSeconds: expect.any(Number),
    });
  });

  it('that the provider refuses is told at once as 1002, is a failed transaction, and calls nobody back', async () => {
    const carol = await stack.enrolPhone('carol');
    await fetch(`${stack.fcm.url}/simulator/registrations/${encodeURIComponent(carol.pushToken)}`, {
      method: 'DELETE',
    });
    const key = randomUUID();
    const refused = await stack.portal.begin(
      { ...form, user_id: 'carol', device_id: carol.deviceId },
      { 'idempotency-key': key },
    );
    expect(refused).toMatchObject({ status: 503, body: { error_code: '1002' } });
    const [row] = await stack.database.knex('transactions').where({ user_id: 'carol' });
    expect((await stack.portal.result(row.id)).body).toMatchObject({
      status: 'failed',
      is_authenticated: false,
      not_authenticated_reason: { reason: 'failed_to_send' },
    });
    await stack.temporal.workflow.getHandle(`transaction:${row.id}`).result();
    expect(stack.callbacks.received.filter(({ body }) => body.transaction_id === row.id)).toEqual([]);
    const events = await stack.database.knex('events').where({ transaction_id: row.id }).orderBy('id').pluck('name');
    expect(events).toEqual([
      ...['PUSH_AUTH_INITIALIZED', 'PUSH_ENROLLMENT_ENDED', 'PUSH_AUTH_PUSH_SERVICE_FAILURE', 'MOBILE_AUTH_FAILED'],
      'PUSH_AUTH_TRANSACTION_RETRIEVED',
    ]);
  });

  describe('with an idempotency key', () => {
    it('is one transaction and one push however often it is sent, also all at once', async () => {
      const dora = await stack.enrolPhone('dora');
      const headers = { 'idempotency-key': randomUUID() };
      const request = { ...form, user_id: 'dora', device_id: dora.deviceId };
      const replies = await Promise.all(Array.from({ length: 8 }, () => stack.portal.begin(request, headers)));
      replies.push(await stack.portal.begin(request, headers));
      expect(new Set(replies.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
      expect(replies[0]?.status).toBe(200);
      expect(await pushesTo(dora)).toHaveLength(1);
    });

    it('and another body is a conflict, while running and afterwards', async () => {
      const headers = { 'idempotency-key': randomUUID() };
      const first = await stack.portal.begin(form, headers);
      const conflict = { status: 409, body: { error_code: 'idempotency_key_reused' } };
      expect(await stack.portal.begin({ ...form, message: 'Another' }, headers)).toMatchObject(conflict);
      await stack.portal.cancel(first.body.transaction_id);
      expect(await stack.portal.begin({ ...form, message: 'Another' }, headers)).toMatchObject(conflict);
      expect((await stack.portal.begin(form, headers)).body).toEqual(first.body);
    });

    it('of eight different bodies at once begins one and refuses the others', async () => {
      const headers = { 'idempotency-key': randomUUID() };
      const replies = await Promise.all(
        Array.from({ length: 8 }, (_, index) => stack.portal.begin({ ...form, message: `Body ${index}` }, headers)),
      );
      expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
    });
  });

  it('is answered in JSON that no cache may keep, taken or refused', async () => {
    const wrong = await fetch(`${stack.apiUrl}/oauth/api/v4/authenticate/user`, { method: 'POST' });
    for (const { status, headers } of [
      await stack.portal.begin(form),
      await stack.portal.begin(without('type')),
      await stack.portal.result(randomUUID()),
      wrong,
    ]) {
      expect({ status, type: headers.get('content-type')?.toLowerCase().replaceAll(' ', '') }).toEqual({
        status,
        type: 'application/json;charset=utf-8',
      });
      expect(headers.get('cache-control')).toBe('no-cache, no-store, must-revalidate');
      expect(headers.get('pragma')).toBe('no-cache');
    }
  });

  it('tells which types and devices are available, and an empty list for whoever is unknown', async () => {
    const { enabled } = (await stack.portal.available('alice')).body;
    expect(enabled.map(({ method }: { method: string }) => method)).toEqual([
      'OTP',
      'PUSH',
      'PUSH',
      'PUSH_WITH_NUMBER',
      'PUSH',
      'PUSH',
    ]);
    expect(enabled[0]).toEqual({ type: 'otp', method: 'OTP' });
    expect(enabled[1]).toEqual({
      type: 'push',
      method: 'PUSH',
      sms_fallback_allowed: false,
      apps_enrolled_for_push: [
        {
          app_id: 'demo-app',
          app_name: 'Demo app',
          device_id: phone.deviceId,
          device_name: 'Phone of alice',
          platform: 'android',
        },
      ],
    });
    expect(await stack.portal.available('nobody')).toMatchObject({ status: 200, body: { enabled: [] } });
    const forDevice = (deviceId: string) =>
      stack.portal.request('GET', `/oauth/api/v4/authenticate/user/alice/device/${deviceId}/enabled`);
    expect((await forDevice(phone.deviceId)).body).toEqual({
      enabled: ['otp', 'push', 'push-bilingual', 'push-number', 'push-signing', 'push-without-default'],
    });
    expect(await forDevice('0'.repeat(64))).toMatchObject({ status: 200, body: { enabled: [] } });
  });
});
