import { type Administrator, administratorOf } from '../support/administration.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const V4 = '/oauth/api/v4/authenticate';

let stack: Stack;
let admin: Administrator;
let phone: Phone;

beforeAll(async () => {
  stack = await startStack();
  admin = administratorOf(stack);
  await admin.create('/authentication-types', {
    name: 'custom',
    method: 'push_with_custom_authenticator',
    timeToLiveSeconds: 60,
  });
  await admin.merge('/applications/demo-app', {
    customAuthenticator: { url: 'http://127.0.0.1:9', secret: 'shared with the verifier' },
  });
  phone = await stack.enrolPhone('alice');
});

afterAll(() => stack.stop());

afterEach(async () => {
  const on = {
    mobileAuthentication: true,
    transactionSigning: true,
    geolocation: true,
    customAuthenticators: true,
    pushAuthorization: true,
  };
  expect(await admin.merge('/features', on)).toMatchObject({ status: 200 });
});

const turnOff = async (feature: string): Promise<void> => {
  expect(await admin.merge('/features', { [feature]: false })).toMatchObject({ status: 200 });
};
const formOf = (form: Record<string, string>): Record<string, string> => ({
  type: 'push',
  user_id: phone.userId,
  device_id: phone.deviceId,
  callback_uri: stack.callbacks.url,
  message: 'Log in?',
  ...form,
});
const listedTypes = async (): Promise<string[]> =>
  (await stack.portal.available(phone.userId)).body.enabled.map(({ type }: { type: string }) => type);

it('answers 1000 everywhere while mobile authentication is off, refuses phones, and goes on when it is on again', async () => {
  const transactionId = await stack.begin(phone);
  const raw = await createRawPhone(stack.apiUrl, phone);
  await turnOff('mobileAuthentication');
  const off = { status: 404, body: { error: 'not_found', error_code: '1000' } };
  expect(await stack.portal.begin(formOf({}))).toMatchObject(off);
  const told = await stack.database.knex('events').orderBy('id', 'desc').first();
  expect(told).toMatchObject({ name: 'PUSH_AUTH_INIT_FAILURE_DISABLED', client_id: 'demo-portal' });
  expect(await stack.portal.available('alice')).toMatchObject(off);
  expect(await stack.portal.request('GET', `${V4}/user/alice/device/${phone.deviceId}/enabled`)).toMatchObject(off);
  expect(await stack.portal.result(transactionId)).toMatchObject(off);
  for (const what of ['receipt', 'events']) {
    expect(await stack.portal.request('GET', `${V4}/transaction/${transactionId}/${what}`)).toMatchObject(off);
  }
  expect(await stack.portal.resend('alice', transactionId)).toMatchObject(off);
  expect(await stack.portal.cancel(transactionId)).toMatchObject(off);
  const refused = { status: 403, body: { code: 'mobile_authentication_disabled' } };
  const path = `/device/v1/transactions/${transactionId}`;
  expect(await raw.request('POST', `${path}/fetch`, { requestId: 'r'.repeat(20) })).toMatchObject(refused);
  expect(await raw.answer(transactionId, 'anything')).toMatchObject(refused);

  await admin.merge('/features', { mobileAuthentication: true });
  expect(await raw.answer(transactionId, await raw.approval(transactionId))).toMatchObject({ status: 200 });
  expect(await stack.portal.result(transactionId)).toMatchObject({ body: { status: 'approved' } });
});

it('tells wrong credentials first: whether the feature is off is nobody else’s business', async () => {
  await turnOff('mobileAuthentication');
  expect((await fetch(`${stack.apiUrl}${V4}/user/alice/enabled`)).status).toBe(401);
});

it('ignores signing data while transaction signing is off', async () => {
  await turnOff('transactionSigning');
  const form = formOf({ type: 'push-signing', signing_data: 'pay 10 euro' });
  const begun = await stack.portal.begin(form);
  expect(begun.status).toBe(200);
  const raw = await createRawPhone(stack.apiUrl, phone);
  const transactionId = begun.body.transaction_id;
  expect(await raw.answer(transactionId, await raw.approval(transactionId))).toMatchObject({ status: 200 });
  const result = await stack.portal.result(transactionId);
  expect(result.body).toMatchObject({ status: 'approved' });
  expect(result.body).not.toHaveProperty('signature');

  await admin.merge('/features', { transactionSigning: true });
  const signed = (await stack.portal.begin(form)).body.transaction_id;
  // Without a signature this answer is now none.
  expect(await raw.answer(signed, await raw.approval(signed))).toMatchObject({ status: 400 });
});

it('does not offer custom authenticators while they are off, and keeps their settings', async () => {
  expect(await listedTypes()).toContain('custom');
  await turnOff('customAuthenticators');
  expect(await listedTypes()).not.toContain('custom');
  expect(await listedTypes()).toContain('push');
  expect(await stack.portal.begin(formOf({ type: 'custom' }))).toMatchObject({
    status: 404,
    body: { error_code: '1001' },
  });
  expect((await admin.read('/applications/demo-app')).body.customAuthenticator).toEqual({ set: true });
  await admin.merge('/features', { customAuthenticators: true });
  expect(await listedTypes()).toContain('custom');
});

it('asks nobody by push while push authorization is off', async () => {
  await turnOff('pushAuthorization');
  expect(await listedTypes()).toEqual(['otp']);
  expect(await stack.portal.request('GET', `${V4}/user/alice/device/${phone.deviceId}/enabled`)).toMatchObject({
    status: 200,
    body: { enabled: ['otp'] },
  });
  expect(await stack.portal.begin(formOf({}))).toMatchObject({ status: 404, body: { error_code: '1001' } });
});
