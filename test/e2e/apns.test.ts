import type { ApnsReason } from '../../dev/apns-simulator/reasons.ts';
import { type ConnectProxy, startConnectProxy } from '../adapters/connect-proxy.ts';
import { addIos, type Ios } from '../support/ios.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const ACCEPTED = 'PUSH_AUTH_PUSH_SERVICE_ACCEPTED_NOTIFICATION';
const FAILURE = 'PUSH_AUTH_PUSH_SERVICE_FAILURE';
const ALARM = 'PUSH_CONFIGURATION_ALARM';
const ENDED = 'PUSH_ENROLLMENT_ENDED';

let proxy: ConnectProxy;
let stack: Stack;
let ios: Ios;
let users = 0;

beforeAll(async () => {
  // Everything goes through a proxy, as in networks without another way out.
  proxy = await startConnectProxy({ credentials: 'countersign:proxy password' });
  stack = await startStack({ env: { PUSH_PROXY_URL: proxy.url } });
  ios = await addIos(stack);
});
afterAll(async () => {
  await stack?.stop();
  await ios?.apns.simulator.stop();
  await proxy?.close();
});

const enrol = (app?: Parameters<Ios['enrolPhone']>[1]): Promise<Phone> => {
  users += 1;
  return ios.enrolPhone(`user-${users}`, app);
};

async function beginFor(phone: Phone) {
  const reply = await stack.portal.begin({
    type: 'push',
    user_id: phone.userId,
    device_id: phone.deviceId,
    callback_uri: stack.callbacks.url,
    message: 'Log in?',
  });
  const [transaction] = await stack.database
    .knex('transactions')
    .where({ user_id: phone.userId })
    .orderBy('id', 'desc');
  return { reply, transactionId: transaction?.id as string };
}

/** What became of it; that its portal read the result is no part of that. */
const eventsOf = (transactionId: string) =>
  stack.database
    .knex('events')
    .where({ transaction_id: transactionId })
    .whereNot({ name: 'PUSH_AUTH_TRANSACTION_RETRIEVED' })
    .orderBy('id')
    .select('name', 'details');
const hasPushToken = async ({ deviceId }: Phone): Promise<boolean> =>
  (await stack.database.knex('enrolments').where({ device_id: deviceId }).first()).sealed_push_token !== null;
const alarms = () => stack.database.knex('events').where({ name: ALARM });
/** Alarms are told once a minute; here each is of interest. */
const forgetAlarms = () => stack.database.knex('push_configurations').update({ alarmed_at: null });

it('is approved on the phone that its push came to', async () => {
  const phone = await enrol();
  const { reply, transactionId } = await beginFor(phone);
  expect(reply).toMatchObject({ status: 200, body: { auth_method: 'push', device: { platform: 'ios' } } });
  const [push] = await ios.apns.pushesOf(phone.pushToken);
  expect(push).toMatchObject({ topic: 'demo-app', environment: 'production' });
  const pending = phone.client.pendingFromPush(push.payload);
  expect(pending.transactionId).toBe(transactionId);
  const challenge = await phone.client.fetchChallenge(pending);
  expect(await phone.client.approve(challenge)).toEqual({ status: 'approved' });
  const { expires_at } = await stack.database.knex('transactions').where({ id: transactionId }).first();
  expect(push.headers['apns-expiration']).toBe(String(Math.floor(expires_at.getTime() / 1_000)));
  const [{ provider_message_id }] = await stack.database.knex('push_sends').where({ transaction_id: transactionId });
  expect(provider_message_id).toBe(push.headers['apns-id']);
  expect(proxy.asked.map(({ target }) => target)).toContain(new URL(ios.apns.simulator.production.url).host);
});

/** What each answer of APNs leads to: failure, how often the push was tried, token erased or kept, alarm or none. */
const MATRIX: readonly [ApnsReason, string, number, 'erased' | 'kept', 'alarm' | 'no alarm'][] = [
  ['BadCollapseId', 'message_refused', 1, 'kept', 'no alarm'],
  ['BadDeviceToken', 'misconfigured', 1, 'kept', 'alarm'],
  ['BadExpirationDate', 'message_refused', 1, 'kept', 'no alarm'],
  ['BadMessageId', 'message_refused', 1, 'kept', 'no alarm'],
  ['BadPriority', 'message_refused', 1, 'kept', 'no alarm'],
  ['BadTopic', 'misconfigured', 1, 'kept', 'alarm'],
  ['DeviceTokenNotForTopic', 'misconfigured', 1, 'kept', 'alarm'],
  ['DuplicateHeaders', 'message_refused', 1, 'kept', 'no alarm'],
  ['IdleTimeout', 'provider_unavailable', 2, 'kept', 'no alarm'],
  ['InvalidPushType', 'message_refused', 1, 'kept', 'no alarm'],
  ['MissingDeviceToken', 'message_refused', 1, 'kept', 'no alarm'],
  ['MissingTopic', 'misconfigured', 1, 'kept', 'alarm'],
  ['PayloadEmpty', 'message_refused', 1, 'kept', 'no alarm'],
  ['TopicDisallowed', 'misconfigured', 1, 'kept', 'alarm'],
  ['BadCertificate', 'misconfigured', 1, 'kept', 'alarm'],
  ['BadCertificateEnvironment', 'misconfigured', 1, 'kept', 'alarm'],
  ['BadEnvironmentKeyIdInToken', 'misconfigured', 1, 'kept', 'alarm'],
  ['ExpiredProviderToken', 'misconfigured', 1, 'kept', 'alarm'],
  ['Forbidden', 'misconfigured', 1, 'kept', 'alarm'],
  ['InvalidProviderToken', 'misconfigured', 1, 'kept', 'alarm'],
  ['MissingProviderToken', 'misconfigured', 1, 'kept', 'alarm'],
  ['UnrelatedKeyIdInToken', 'provider_unavailable', 2, 'kept', 'no alarm'],
  ['BadPath', 'message_refused', 1, 'kept', 'no alarm'],
  ['MethodNotAllowed', 'message_refused', 1, 'kept', 'no alarm'],
  ['ExpiredToken', 'token_gone', 1, 'erased', 'no alarm'],
  ['Unregistered', 'token_gone', 1, 'erased', 'no alarm'],
  ['PayloadTooLarge', 'message_refused', 1, 'kept', 'no alarm'],
  ['TooManyProviderTokenUpdates', 'throttled', 1, 'kept', 'no alarm'],
  ['TooManyRequests', 'throttled', 1, 'kept', 'no alarm'],
  ['InternalServerError', 'provider_unavailable', 2, 'kept', 'no alarm'],
  ['ServiceUnavailable', 'provider_unavailable', 2, 'kept', 'no alarm'],
  ['Shutdown', 'provider_unavailable', 2, 'kept', 'no alarm'],
];

describe('when APNs answers', () => {
  it.each(MATRIX)('%s, the push counts as %s after %d, its token is %s, and there is %s', async (...row) => {
    const [reason, failure, attempts, token, alarm] = row;
    await forgetAlarms();
    const alarmsBefore = (await alarms()).length;
    const phone = await enrol();
    await ios.apns.behave({ token: phone.pushToken, reply: reason });
    const { reply, transactionId } = await beginFor(phone);
    expect(reply).toMatchObject({ status: 503, body: { error_code: '1002' } });
    expect((await stack.portal.result(transactionId)).body).toMatchObject({
      status: 'failed',
      not_authenticated_reason: { reason: 'failed_to_send' },
    });
    const events = await eventsOf(transactionId);
    const ending = token === 'erased' ? [{ name: ENDED, details: { reason: 'token_gone', providerCode: reason } }] : [];
    expect(events).toEqual([
      expect.objectContaining({ name: 'PUSH_AUTH_INITIALIZED' }),
      ...ending,
      { name: FAILURE, details: { step: 0, attempts, failure, providerCode: reason } },
      expect.objectContaining({ name: 'MOBILE_AUTH_FAILED' }),
    ]);
    expect(await hasPushToken(phone)).toBe(token === 'kept');
    const told = (await alarms()).slice(alarmsBefore);
    expect(told).toMatchObject(
      alarm === 'alarm' ? [{ details: { configuration: 'demo-apns', failure, providerCode: reason } }] : [],
    );
  });

  it.each(['InternalServerError', 'Shutdown', 'drop', 'reset', 'goaway_error'])(
    '%s once, the push is handed over by the second try',
    async (reply) => {
      const phone = await enrol();
      await ios.apns.behave({ token: phone.pushToken, reply, next: 1 });
      const { reply: begun, transactionId } = await beginFor(phone);
      expect(begun.status).toBe(200);
      const triedAgainAfter = /^[A-Z]/.test(reply) ? reply : 'connection_broken';
      expect(await eventsOf(transactionId)).toEqual([
        expect.objectContaining({ name: 'PUSH_AUTH_INITIALIZED' }),
        { name: ACCEPTED, details: { step: 0, attempts: 2, triedAgainAfter } },
      ]);
      expect(await ios.apns.pushesOf(phone.pushToken)).toHaveLength(1);
    },
  );

  it('that it has too much to do for a second, the push is handed over after that', async () => {
    const phone = await enrol();
    await ios.apns.behave({ token: phone.pushToken, reply: 'TooManyRequests', retryAfterSeconds: 1, next: 1 });
    const { reply, transactionId } = await beginFor(phone);
    expect(reply.status).toBe(200);
    const [{ details }] = await stack.database.knex('events').where({ transaction_id: transactionId, name: ACCEPTED });
    expect(details).toEqual({ step: 0, attempts: 2, triedAgainAfter: 'TooManyRequests' });
  });

  it('that a token is gone since before the phone brought it, it is kept', async () => {
    const phone = await enrol();
    await ios.apns.behave({ token: phone.pushToken, reply: 'Unregistered', timestampMs: Date.now() - 86_400_000 });
    expect((await beginFor(phone)).reply).toMatchObject({ status: 503, body: { error_code: '1002' } });
    expect(await hasPushToken(phone)).toBe(true);
  });

  it('nothing at all, the begin is told so when the time for a push is up', async () => {
    const phone = await enrol();
    await ios.apns.behave({ token: phone.pushToken, reply: 'hang' });
    const { reply, transactionId } = await beginFor(phone);
    expect(reply).toMatchObject({ status: 503, body: { error_code: '1002' } });
    const [{ details }] = await stack.database.knex('events').where({ transaction_id: transactionId, name: FAILURE });
    expect(details).toEqual({ step: 0, attempts: 1, failure: 'provider_unavailable', providerCode: 'timeout' });
  });

  it('that the connection ends, pushes under way on it are answered and the others go over the next one', async () => {
    const phones = await Promise.all(Array.from({ length: 8 }, () => enrol()));
    await ios.apns.behave({ token: (phones[3] as Phone).pushToken, reply: 'goaway', delayMs: 50 });
    await ios.apns.behave({ token: (phones[5] as Phone).pushToken, reply: 'goaway_refusing', next: 1 });
    const begun = await Promise.all(phones.map(beginFor));
    expect(begun.map(({ reply }) => reply.status)).toEqual(Array(8).fill(200));
    for (const { pushToken } of phones) expect(await ios.apns.pushesOf(pushToken)).toHaveLength(1);
  });
});

it('is sent again with an id of its own when the portal asks for it', async () => {
  const phone = await enrol();
  const { transactionId } = await beginFor(phone);
  const resent = await stack.portal.resend(phone.userId, transactionId);
  expect(resent.status).toBe(204);
  const ids = (await ios.apns.pushesOf(phone.pushToken)).map(({ headers }) => headers['apns-id']);
  expect(new Set(ids).size).toBe(2);
});

it('comes from another worker with the same provider token', async () => {
  const phone = await enrol();
  await beginFor(phone);
  await stack.worker.stop();
  await stack.startWorker();
  // A token of its own would be refused: APNs takes no new one within twenty minutes.
  expect((await beginFor(phone)).reply.status).toBe(200);
  expect(await stack.database.knex('apns_provider_tokens')).toHaveLength(1);
});

it('goes to the environment, by the bundle id and with the badge that the app version says', async () => {
  await stack.database.knex('app_versions').insert({
    application_id: 'demo-app',
    platform: 'ios',
    version: '7.0',
    status: 'LOGIN_REGISTRATION',
    application_bundle_identifier: 'com.example.demo',
    use_apns_development_environment: true,
    send_badge_number: true,
  });
  const phone = await enrol({ version: '7.0', bundleId: 'com.example.demo', environment: 'development' });
  for (let number = 0; number < 2; number += 1) expect((await beginFor(phone)).reply.status).toBe(200);
  expect(await ios.apns.pushesOf(phone.pushToken)).toMatchObject([
    { environment: 'development', topic: 'com.example.demo', payload: { aps: { badge: 1 } } },
    { environment: 'development', topic: 'com.example.demo', payload: { aps: { badge: 2 } } },
  ]);
});
