import { waitUntil } from '../../dev/wait-until.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

/** Versions 2 and 3 of the mobile authentication API: the same transactions, with the phone named less exactly. */
let stack: Stack;
let phone: Phone;

beforeAll(async () => {
  stack = await startStack();
  phone = await stack.enrolPhone('alice');
});
afterAll(() => stack?.stop());

const get = (version: string, path: string) => stack.portal.request('GET', `/oauth/api/${version}/authenticate${path}`);
const begin = (version: string, form: Record<string, string>) =>
  stack.portal.request('POST', `/oauth/api/${version}/authenticate/user`, {
    body: new URLSearchParams({
      ...{ type: 'push', user_id: 'alice', callback_uri: stack.callbacks.url, message: 'Log in?' },
      ...form,
    }),
  });

/** Changes the mode, and waits until the API has noticed: version 3 is served or not. */
async function setMode(push_enrolment_mode: string): Promise<void> {
  await stack.database.knex('general_settings').update({ push_enrolment_mode });
  const status = push_enrolment_mode === 'multiple_devices' ? 404 : 200;
  const isInForce = async () => (await get('v3', '/user/alice/enabled')).status === status;
  await waitUntil(isInForce, { what: 'the change of mode', withinMs: 30_000 });
}

it.each([
  ['v3', { app_id: 'demo-app' }],
  ['v2', {}],
] as const)('%s asks the phone, and tells the result', async (version, form) => {
  const { status, body } = await begin(version, form);
  expect(status).toBe(200);
  expect(body).toMatchObject({ auth_method: 'push', device: { name: 'Phone of alice', platform: 'android' } });
  await phone.client.approve(await phone.client.fetchChallenge(body.transaction_id));
  expect(await get(version, `/transaction/${body.transaction_id}`)).toMatchObject({
    status: 200,
    body: { is_authenticated: true, user_id: 'alice', status: 'approved' },
  });
});

it.each([
  ['v3', {}, 400, '1003'],
  ['v3', { device_id: '0'.repeat(64) }, 400, '1003'],
  ['v3', { app_id: 'another-app' }, 404, '1001'],
  ['v3', { app_id: 'demo-app', user_id: 'nobody' }, 404, '1001'],
  ['v2', { user_id: 'nobody' }, 404, '1001'],
  ['v2', { user_id: '' }, 400, '1003'],
] as const)('%s refuses %j with %i and %s', async (version, form, status, code) => {
  expect(await begin(version, form)).toMatchObject({ status, body: { error_code: code } });
});

it('lists what is available in the form of each version', async () => {
  const { body } = await get('v3', '/user/alice/enabled');
  expect(body.enabled).toContainEqual({
    type: 'push',
    method: 'PUSH',
    sms_fallback_allowed: false,
    apps_enrolled_for_push: [{ id: 'demo-app', name: 'Demo app' }],
  });
  const names = ['otp', 'push', 'push-number', 'push-signing'];
  expect((await get('v3', '/user/alice/application/demo-app/enabled')).body).toEqual({ enabled: names });
  expect((await get('v3', '/user/alice/application/another/enabled')).body).toEqual({ enabled: [] });
  expect((await get('v2', '/user/alice/enabled')).body).toEqual({ enabled: names });
  expect((await get('v2', '/user/alice/enabled/push')).body).toEqual({ enabled: true });
  expect((await get('v2', '/user/alice/enabled/push-pin')).body).toEqual({ enabled: false });
  expect((await get('v2', '/user/nobody/enabled/push')).body).toEqual({ enabled: false });
});

it('guesses no phone where several could be meant', async () => {
  await setMode('multiple_devices');
  const [bob] = [await stack.enrolPhone('bob'), await stack.enrolPhone('bob')];
  await setMode('single_device');
  const refused = { status: 404, body: { error_code: '1001' } };
  expect(await begin('v3', { user_id: 'bob', app_id: 'demo-app' })).toMatchObject(refused);
  expect(await begin('v2', { user_id: 'bob' })).toMatchObject(refused);
  expect(await begin('v4', { user_id: 'bob', device_id: bob.deviceId })).toMatchObject({ status: 200 });
});

it('is not served where users may have several devices', async () => {
  await setMode('multiple_devices');
  for (const version of ['v2', 'v3']) {
    for (const reply of [await get(version, '/user/alice/enabled'), await begin(version, { app_id: 'demo-app' })]) {
      expect(reply).toMatchObject({ status: 404, body: { error: 'not_found', error_code: '4001' } });
    }
  }
  expect(await get('v4', '/user/alice/enabled')).toMatchObject({ status: 200 });
  await setMode('single_device');
});
