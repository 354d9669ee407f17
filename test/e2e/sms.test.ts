import { verifyReceipt } from '../../dev/receipt/verify-receipt.ts';
import { aNumber } from '../adapters/an-sms.ts';
import { controlOf, OUR_NUMBER, type SmsControl } from '../adapters/simulated-sms.ts';
import type { PortalReply } from '../support/portal.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let sms: SmsControl;

beforeAll(async () => {
  stack = await startStack({ withSms: true });
  sms = controlOf(stack.twilio?.url ?? '');
  const default_messages = JSON.stringify({ en: '{code}' });
  await stack.database.knex('authentication_types').insert([
    { name: 'sms-brief', method: 'sms', time_to_live_seconds: 1, max_resends: 0, default_messages },
    {
      ...{ name: 'sms-unlimited', method: 'sms', time_to_live_seconds: 120, max_resends: 0 },
      max_attempts: 0,
      default_messages,
    },
  ]);
});
afterAll(() => stack?.stop());

const API = '/oauth/api/v4/authenticate';
const post = (path: string, form: Record<string, string>, api = API): Promise<PortalReply> =>
  stack.portal.request('POST', api + path, { body: new URLSearchParams(form) });
const verify = (userId: string, transaction_id: string, sms_code: string): Promise<PortalReply> =>
  post(`/user/${userId}/sms`, { transaction_id, sms_code });
const resend = (userId: string, transaction_id: string): Promise<PortalReply> =>
  post(`/user/${userId}/sms/resend`, { transaction_id });

interface Begun {
  readonly id: string;
  readonly to: string;
  readonly code: string;
}

/** A begun SMS transaction of alice, with the code that arrived on her phone. */
async function begin(form: Record<string, string> = {}): Promise<Begun> {
  const to = aNumber();
  const { status, body } = await stack.portal.begin({ type: 'sms', user_id: 'alice', phone_number: to, ...form });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return { id: body.transaction_id, to, code: await codeAt(to) };
}

async function codeAt(to: string): Promise<string> {
  const [message] = await sms.waitFor(to);
  return /\b\d{6}\b/.exec(message.body)?.[0] as string;
}

const wrong = (code: string, offset = 1): string => String((Number(code) + offset) % 1_000_000).padStart(6, '0');
const resultOf = async (id: string) => (await stack.portal.result(id)).body;
/** Without that of the gateway's report, which comes when it comes. */
const eventsOf = async (id: string): Promise<string[]> =>
  (await stack.database.knex('events').where({ transaction_id: id }).orderBy('id'))
    .map(({ name }) => name)
    .filter((name) => name !== 'SMS_DELIVERED');
const setUp = (settings: Readonly<Record<string, unknown>>) => stack.database.knex('general_settings').update(settings);
/** The api notices a change of settings within a second: asked until it has. */
async function until(check: () => Promise<boolean>): Promise<void> {
  for (;;) if (await check()) return;
}

describe('a transaction by SMS', () => {
  it('begins with a message, and is approved once by its code', async () => {
    const to = aNumber();
    const { status, body } = await stack.portal.begin({
      ...{ type: 'sms', user_id: 'alice', phone_number: to, message: 'Code {code} for the shop' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({ transaction_id: expect.any(String), auth_method: 'sms', time_to_live: 120_000 });
    const [message] = await sms.waitFor(to);
    expect(message).toMatchObject({ from: OUR_NUMBER, body: expect.stringMatching(/^Code \d{6} for the shop$/) });
    expect(await resultOf(body.transaction_id)).toMatchObject({ status: 'pending', authentication_method: 'sms' });
    const code = await codeAt(to);
    const verified = await verify('alice', body.transaction_id, code);
    expect(verified).toMatchObject({ status: 200, body: { transaction_id: body.transaction_id } });
    expect(await resultOf(body.transaction_id)).toEqual({
      transaction_id: body.transaction_id,
      timestamp: expect.any(Number),
      user_id: 'alice',
      is_authenticated: true,
      authentication_method: 'sms',
      status: 'approved',
      policy_version: 1,
    });
    expect(await verify('alice', body.transaction_id, code)).toMatchObject({
      ...{ status: 404, body: { error_code: '3004' } },
    });
    expect(await eventsOf(body.transaction_id)).toEqual([
      'SMS_AUTH_INITIALIZED',
      'SMS_AUTH_INIT_MESSAGE_SENT',
      'SMS_AUTH_AUTHENTICATED',
      'PUSH_AUTH_TRANSACTION_RETRIEVED',
      'SMS_AUTH_FAILURE_INVALID_TRANSACTION',
    ]);
  });

  it('is approved by one of sixteen right codes at once', async () => {
    const { id, code } = await begin();
    const replies = await Promise.all(Array.from({ length: 16 }, () => verify('alice', id, code)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { body, status } of replies) if (status !== 200) expect(body.error_code).toBe('3004');
  });

  it('takes the right code after a wrong one, and no more wrong ones than the type allows', async () => {
    const first = await begin();
    expect(await verify('alice', first.id, wrong(first.code))).toMatchObject({
      ...{ status: 404, body: { error_code: '3003' } },
    });
    expect((await verify('alice', first.id, first.code)).status).toBe(200);

    const second = await begin();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const { body } = await verify('alice', second.id, wrong(second.code, attempt));
      expect(body.error_code).toBe('3003');
    }
    expect((await verify('alice', second.id, second.code)).body.error_code).toBe('3004');
    expect(await resultOf(second.id)).toMatchObject({
      status: 'failed',
      not_authenticated_reason: { reason: 'invalid_answer' },
    });
    expect((await eventsOf(second.id)).slice(2)).toEqual([
      ...Array(3).fill('SMS_AUTH_NOT_AUTHENTICATED_INVALID_VERIFICATION_CODE'),
      'SMS_AUTH_VALIDATION_LIMIT_EXCEEDED',
      'MOBILE_AUTH_FAILED',
      'SMS_AUTH_FAILURE_INVALID_TRANSACTION',
      'PUSH_AUTH_TRANSACTION_RETRIEVED',
    ]);
  });

  it('judges three of sixteen wrong codes at once', async () => {
    const { id, code } = await begin();
    const replies = await Promise.all(Array.from({ length: 16 }, (_, i) => verify('alice', id, wrong(code, i + 1))));
    expect(replies.filter(({ body }) => body.error_code === '3003').length).toBeLessThanOrEqual(3);
    for (const { body } of replies) expect(['3003', '3004']).toContain(body.error_code);
    expect(await resultOf(id)).toMatchObject({ status: 'failed' });
    const row = await stack.database.knex('transactions').where({ id }).first('sms_failures');
    expect(row).toEqual({ sms_failures: 3 });
  });

  it('without a limit of its own still ends after a hundred', async () => {
    const { id, code } = await begin({ type: 'sms-unlimited' });
    for (let attempt = 1; attempt <= 99; attempt += 1) await verify('alice', id, wrong(code, attempt));
    expect(await resultOf(id)).toMatchObject({ status: 'pending' });
    await verify('alice', id, wrong(code, 100));
    expect(await resultOf(id)).toMatchObject({ status: 'failed' });
  });

  it.each(['abcdef', '12345', '1234567', ' ', '１２３４５６'])(
    'counts what is no code as a wrong one: %j',
    async (text) => {
      const { id } = await begin();
      expect((await verify('alice', id, text)).body.error_code).toBe('3003');
    },
  );

  it('expires, and takes no code any more', async () => {
    const { id, code } = await begin({ type: 'sms-brief' });
    await stack.temporal.workflow.getHandle(`transaction:${id}`).result();
    expect((await verify('alice', id, code)).body.error_code).toBe('3004');
    expect(await resultOf(id)).toMatchObject({ status: 'expired', is_authenticated: false });
  });

  it('sends the same code again, up to the limit', async () => {
    const { id, to, code } = await begin();
    expect([(await resend('alice', id)).status, (await resend('alice', id)).status]).toEqual([204, 204]);
    expect(await resend('alice', id)).toMatchObject({ status: 403, body: { error_code: '3006' } });
    const bodies = (await sms.sentTo(to)).map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
    expect((await verify('alice', id, code)).status).toBe(200);
    expect((await resend('alice', id)).body.error_code).toBe('3004');
    expect(await eventsOf(id)).toEqual(expect.arrayContaining(['SMS_RESEND_SUCCEEDED']));
  });

  it('is cancelled by its portal', async () => {
    const { id, code } = await begin();
    expect((await stack.portal.cancel(id)).status).toBe(204);
    expect((await verify('alice', id, code)).body.error_code).toBe('3004');
  });

  it('has a receipt that holds', async () => {
    const { id, code } = await begin();
    await verify('alice', id, code);
    const { body } = await stack.portal.request('GET', `${API}/transaction/${id}/receipt`);
    const keys = (await stack.portal.request('GET', '/.well-known/jwks.json')).body;
    const { claims } = await verifyReceipt(body.receipt, keys);
    expect(claims).toMatchObject({ method: 'sms', user_id: 'alice', outcome: { status: 'approved' } });
    expect(claims).not.toHaveProperty('device_id');
  });

  it('is begun once under an idempotency key', async () => {
    const form = { type: 'sms', user_id: 'alice', phone_number: aNumber() };
    const key = { 'idempotency-key': crypto.randomUUID() };
    const [first, second] = [await stack.portal.begin(form, key), await stack.portal.begin(form, key)];
    expect(second.body).toEqual(first.body);
    expect(await sms.sentTo(form.phone_number)).toHaveLength(1);
  });

  it('serves portals of versions 3 and 2 alike', async () => {
    const { id, code } = await begin();
    const path = `/user/alice/sms`;
    const form = { transaction_id: id, sms_code: wrong(code) };
    for (const version of ['v3', 'v2']) {
      const api = `/oauth/api/${version}/authenticate`;
      expect((await post(path, form, api)).body.error_code).toBe('3003');
      expect((await post(`${path}/resend`, { transaction_id: id }, api)).status).toBe(204);
    }
  });
});

describe('a code proves nothing', () => {
  it.each([
    ['for another user', (id: string, code: string) => verify('bob', id, code), '3004'],
    [
      'for a transaction that there is not',
      (_: string, code: string) => verify('alice', crypto.randomUUID(), code),
      '3004',
    ],
    ['for what is no transaction', (_: string, code: string) => verify('alice', 'x', code), '3004'],
    ['when it is missing', (id: string) => verify('alice', id, ''), '1003'],
  ])('%s', async (_name, act, errorCode) => {
    const { id, code } = await begin();
    expect((await act(id, code)).body.error_code).toBe(errorCode);
    expect(await resultOf(id)).toMatchObject({ status: 'pending' });
  });

  it('for a push', async () => {
    const id = await stack.begin(await stack.enrolPhone('pushed'));
    expect((await verify('pushed', id, '123456')).body.error_code).toBe('3004');
    expect((await resend('pushed', id)).body.error_code).toBe('3004');
  });

  it('for another client', async () => {
    const { id, code } = await begin();
    await stack.database.knex('transactions').where({ id }).update({ client_id: 'another' });
    expect((await verify('alice', id, code)).body.error_code).toBe('3004');
  });
});

it('tells a resend for another user by the second meaning of 3005', async () => {
  const { id } = await begin();
  expect(await resend('bob', id)).toMatchObject({
    ...{ status: 404, body: { error_code: '3005', description: 'The user id is invalid.' } },
  });
});

describe('a begin is refused', () => {
  it.each([
    ['without a phone number', { user_id: 'alice' }, 400, '3001'],
    ['with what is none', { user_id: 'alice', phone_number: '0612345678' }, 400, '3001'],
    ['with a premium-rate number', { user_id: 'alice', phone_number: '+319001234567' }, 400, '3001'],
    ['without a user', { phone_number: '+31612345678' }, 400, '1003'],
  ])('%s', async (_name, form, status, errorCode) => {
    const reply = await stack.portal.begin({ type: 'sms', ...(form as Record<string, string>) });
    expect(reply).toMatchObject({ status, body: { error_code: errorCode } });
    const told = await stack.database.knex('events').orderBy('id', 'desc').first();
    expect(told.name).toBe(
      errorCode === '3001'
        ? 'SMS_AUTH_INIT_FAILURE_PHONE_NUMBER_INVALID_OR_MISSING'
        : 'MOBILE_AUTH_INIT_FAILURE_INVALID_REQ',
    );
  });

  it('where no gateway takes the message, and the transaction has failed', async () => {
    const to = aNumber();
    await sms.behave({ to, reply: '20500' });
    const reply = await stack.portal.begin({ type: 'sms', user_id: 'unlucky', phone_number: to });
    expect(reply).toMatchObject({ status: 503, body: { error_code: '3002' } });
    const row = await stack.database.knex('transactions').where({ user_id: 'unlucky' }).first();
    expect(row).toMatchObject({ status: 'failed', outcome: { reason: 'failed_to_send' } });
    expect(await eventsOf(row.id)).toContain('SMS_AUTH_INIT_FAILURE_FAILED_TO_SEND_SMS');
  });

  it('past the budget of its number: 429 with the time to wait', async () => {
    await setUp({ sms_per_number_per_hour: 1 });
    const phone_number = aNumber();
    const form = { type: 'sms', user_id: 'alice', phone_number };
    expect((await stack.portal.begin(form)).status).toBe(200);
    const { status, headers, body } = await stack.portal.begin(form);
    expect([status, body.error_code]).toEqual([429, 'sms_budget_exceeded']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await sms.sentTo(phone_number)).toHaveLength(1);
    await setUp({ sms_per_number_per_hour: 10 });
  });

  it('to a country that is not allowed', async () => {
    await setUp({ sms_allowed_countries: ['DE'] });
    const reply = await stack.portal.begin({ type: 'sms', user_id: 'alice', phone_number: aNumber() });
    expect(reply).toMatchObject({ status: 400, body: { error_code: '3001' } });
    await setUp({ sms_allowed_countries: null });
  });
});

describe('a push that falls back on SMS', () => {
  const beginPush = async (user: string, device: string, form: Record<string, string>) =>
    stack.portal.begin({
      ...{ type: 'push-sms', user_id: user, device_id: device, callback_uri: stack.callbacks.url },
      ...{ message: 'Log in? {code}', ...form },
    });

  it('is a push where the push goes out', async () => {
    const phone = await stack.enrolPhone('reachable');
    const to = aNumber();
    const { body } = await beginPush('reachable', phone.deviceId, { phone_number: to });
    expect(body).toMatchObject({ auth_method: 'push', device: { platform: 'android' } });
    expect(await sms.sentTo(to)).toEqual([]);
    await phone.client.approve(await phone.client.fetchChallenge(body.transaction_id));
    expect(await resultOf(body.transaction_id)).toMatchObject({ authentication_method: 'push', status: 'approved' });
  });

  it('goes on as the same transaction by SMS where it does not, and calls the portal back', async () => {
    const phone = await stack.enrolPhone('unreachable');
    await fetch(`${stack.fcm.url}/simulator/registrations/${encodeURIComponent(phone.pushToken)}`, {
      method: 'DELETE',
    });
    const to = aNumber();
    const { body } = await beginPush('unreachable', phone.deviceId, { phone_number: to });
    expect(body).toEqual({ transaction_id: expect.any(String), auth_method: 'sms', time_to_live: 120_000 });
    const id = body.transaction_id;
    expect(await resultOf(id)).toMatchObject({ status: 'pending', authentication_method: 'sms' });
    expect((await stack.portal.resend('unreachable', id)).body.error_code).toBe('3004');
    expect((await resend('unreachable', id)).status).toBe(204);
    expect((await verify('unreachable', id, await codeAt(to))).status).toBe(200);
    await stack.callbacks.waitFor(id);
    expect(await resultOf(id)).toMatchObject({
      ...{ callback_uri: stack.callbacks.url, status: 'approved', authentication_method: 'sms' },
    });
    expect((await eventsOf(id)).slice(0, 4)).toEqual([
      'PUSH_AUTH_INITIALIZED',
      'PUSH_ENROLLMENT_ENDED',
      'PUSH_AUTH_PUSH_SERVICE_FAILURE',
      'SMS_AUTH_INIT_MESSAGE_SENT',
    ]);
  });

  it('waits for a provider that hangs no longer than its time, and goes on by SMS within the same deadline', async () => {
    const phone = await stack.enrolPhone('hung-up');
    await fetch(`${stack.fcm.url}/simulator/behaviour`, {
      method: 'PUT',
      body: JSON.stringify({ token: phone.pushToken, reply: 'hang' }),
    });
    const to = aNumber();
    const { body } = await beginPush('hung-up', phone.deviceId, { phone_number: to });
    expect(body).toMatchObject({ auth_method: 'sms' });
    const id = body.transaction_id;
    expect((await eventsOf(id)).slice(0, 3)).toEqual([
      'PUSH_AUTH_INITIALIZED',
      'PUSH_AUTH_PUSH_SERVICE_FAILURE',
      'SMS_AUTH_INIT_MESSAGE_SENT',
    ]);
    const name = 'PUSH_AUTH_PUSH_SERVICE_FAILURE';
    const { details } = await stack.database.knex('events').where({ transaction_id: id, name }).first();
    expect(details).toMatchObject({ failure: 'provider_unavailable', providerCode: 'timeout' });
    const row = await stack.database.knex('transactions').where({ id }).first();
    expect(row.expires_at.getTime() - row.created_at.getTime()).toBe(120_000);
    expect((await verify('hung-up', id, await codeAt(to))).status).toBe(200);
  });

  it('begins by SMS where there is no phone to push to', async () => {
    const to = aNumber();
    const { body } = await beginPush('never-enrolled', '0'.repeat(64), { phone_number: to });
    expect(body).toMatchObject({ auth_method: 'sms' });
    expect((await verify('never-enrolled', body.transaction_id, await codeAt(to))).status).toBe(200);
    await stack.callbacks.waitFor(body.transaction_id);
  });

  it('fails as a push where no phone number was given', async () => {
    const phone = await stack.enrolPhone('numberless');
    await fetch(`${stack.fcm.url}/simulator/registrations/${encodeURIComponent(phone.pushToken)}`, {
      method: 'DELETE',
    });
    expect((await beginPush('numberless', phone.deviceId, {})).body.error_code).toBe('1002');
    expect((await beginPush('nobody', '0'.repeat(64), {})).body.error_code).toBe('1001');
  });

  it('is told of a phone number that is none, and takes none where its type does not fall back', async () => {
    const phone = await stack.enrolPhone('careless');
    expect((await beginPush('careless', phone.deviceId, { phone_number: '123' })).body.error_code).toBe('3001');
    expect((await beginPush('careless', phone.deviceId, { type: 'push', phone_number: '123' })).status).toBe(200);
  });

  it('fails by SMS where both fail', async () => {
    const to = aNumber();
    await sms.behave({ to, reply: '21610' });
    expect((await beginPush('twice-unlucky', '0'.repeat(64), { phone_number: to })).body.error_code).toBe('3002');
  });
});

it('lists SMS and fallbacks as available, to users without a phone too', async () => {
  const { enabled } = (await stack.portal.available('nobody')).body;
  expect(enabled).toEqual(
    expect.arrayContaining([
      { type: 'push-sms', method: 'PUSH', sms_fallback_allowed: true, apps_enrolled_for_push: [] },
      { type: 'sms', method: 'SMS' },
    ]),
  );
});

it('names SMS and fallbacks beside the types that reach a phone, and nothing for a phone of nobody', async () => {
  const phone = await stack.enrolPhone('named');
  const namesAt = async (version: string, path: string) =>
    (await stack.portal.request('GET', `/oauth/api/${version}/authenticate/user${path}/enabled`)).body.enabled;
  const bySms = ['push-sms', 'sms', 'sms-brief'];
  expect(await namesAt('v4', `/named/device/${phone.deviceId}`)).toEqual(expect.arrayContaining(['push', ...bySms]));
  expect(await namesAt('v4', `/named/device/${'0'.repeat(64)}`)).toEqual([]);
  expect(await namesAt('v3', '/named/application/demo-app')).toEqual(expect.arrayContaining(['push', ...bySms]));
  expect(await namesAt('v2', '/nobody')).toEqual(expect.arrayContaining(bySms));
  expect(await namesAt('v2', '/nobody')).not.toContain('push');
});

it('leaves no number and no code in histories, logs and tables', async () => {
  const { id, to, code } = await begin({ message: 'The code {code} of the confidential test' });
  await verify('alice', id, code);
  const { events } = await stack.temporal.workflow.getHandle(`transaction:${id}`).fetchHistory();
  const history = JSON.stringify(events, (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  const logs = stack.api.output() + stack.worker.output();
  for (const secret of [to, to.slice(1), code, 'confidential test']) {
    expect(history).not.toContain(secret);
    expect(logs).not.toContain(secret);
  }
});

it('has no callback that could be listed or asked for once more', async () => {
  const { id, code } = await begin();
  expect((await verify('alice', id, code)).status).toBe(200);
  const path = `${API}/transaction/${id}/callbacks`;
  const listed = await stack.portal.request('GET', path);
  expect([listed.status, listed.body]).toEqual([200, { transaction_id: id, delivered: false, attempts: [] }]);
  expect(await stack.portal.request('POST', `${path}/redeliver`)).toMatchObject({
    status: 404,
    body: { error_code: '3004', description: 'The transaction has no callback.' },
  });
});

it('sends nothing once SMS are switched off: 3000', async () => {
  await setUp({ sms_authentication_enabled: false });
  const form = { type: 'sms', user_id: 'alice', phone_number: aNumber() };
  // Noticed where the message would be sent at once, and in the api within a second.
  expect(await stack.portal.begin(form)).toMatchObject({ status: 404, body: { error_code: '3000' } });
  await until(async () => (await stack.portal.available('nobody')).body.enabled.length === 0);
  expect(await stack.portal.begin(form)).toMatchObject({ status: 404, body: { error_code: '3000' } });
  expect(await sms.sentTo(form.phone_number)).toEqual([]);
  await setUp({ sms_authentication_enabled: true });
});
