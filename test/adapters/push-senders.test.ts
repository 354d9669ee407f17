import { createPushSenders } from '../../activities/adapters/push-senders.ts';
import type { PushConfiguration, PushConfigurationStore, PushSender } from '../../activities/ports.ts';
import { aPush, PATIENTLY } from './a-push.ts';
import { GOOD_SEND, type ScriptedFcm, startScriptedFcm, tokenReply } from './scripted-fcm.ts';
import { type SimulatedFcm, startSimulatedFcm } from './simulated-fcm.ts';

const realNow = Date.now;
let fcm: SimulatedFcm;
let other: ScriptedFcm;
let configurations: Map<string, PushConfiguration>;
let lookUps: string[];
let store: PushConfigurationStore;
let senders: PushSender & { close(): Promise<void> };

beforeEach(async () => {
  [fcm, other] = await Promise.all([startSimulatedFcm(), startScriptedFcm()]);
  configurations = new Map();
  lookUps = [];
  store = {
    async find(id: string) {
      lookUps.push(id);
      return configurations.get(id);
    },
  };
  senders = createPushSenders({ find: (id) => store.find(id) }, { timeoutMs: 20_000 });
});

afterEach(async () => {
  Date.now = realNow;
  await senders.close();
  await Promise.all([fcm.simulator.stop(), other.close()]);
});

function configure(id: string, settings: string, version = 1): void {
  configurations.set(id, { id, provider: 'fcm_http_v1', version, settings });
}

/** Long enough for a changed configuration to be noticed. */
function passFreshness(): void {
  const before = Date.now;
  Date.now = () => before() + 1_001;
}

it('says of a configuration that does not exist that it is misconfigured', async () => {
  await expect(senders.send('absent', aPush('token'), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure: 'misconfigured',
    providerCode: 'no_usable_settings',
  });
});

it('finds a configuration that is made later', async () => {
  await senders.send('main', aPush('token'), PATIENTLY);
  configure('main', fcm.settings);
  const token = await fcm.register();
  await expect(senders.send('main', aPush(token), PATIENTLY)).resolves.toMatchObject({ ok: true });
});

it('sends by the configuration that is named', async () => {
  configure('one', fcm.settings);
  configure('two', other.settings);
  const token = await fcm.register();
  await senders.send('one', aPush(token), PATIENTLY);
  await senders.send('two', aPush('scripted token'), PATIENTLY);
  expect(await fcm.pushesOf(token)).toHaveLength(1);
  expect(other.sends.map(({ body }) => body.message.token)).toStrictEqual(['scripted token']);
});

it('looks a configuration up once for many pushes in a row', async () => {
  configure('two', other.settings);
  for (let number = 0; number < 5; number += 1) await senders.send('two', aPush('token'), PATIENTLY);
  expect(lookUps).toStrictEqual(['two']);
});

it('takes a changed configuration up within a second', async () => {
  configure('main', fcm.settings);
  await senders.send('main', aPush(await fcm.register()), PATIENTLY);
  configure('main', other.settings, 2);
  passFreshness();
  await expect(senders.send('main', aPush('token'), PATIENTLY)).resolves.toMatchObject({ ok: true });
  expect(other.sends).toHaveLength(1);
});

it('goes on with connections and token while the version is the same', async () => {
  configure('main', other.settings);
  await senders.send('main', aPush('token'), PATIENTLY);
  passFreshness();
  await senders.send('main', aPush('token'), PATIENTLY);
  expect(lookUps).toHaveLength(2);
  expect(other.tokenRequests).toHaveLength(1);
});

it('stops sending when the configuration is taken away', async () => {
  configure('main', other.settings);
  await senders.send('main', aPush('token'), PATIENTLY);
  configurations.delete('main');
  passFreshness();
  await expect(senders.send('main', aPush('token'), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure: 'misconfigured',
    providerCode: 'no_usable_settings',
  });
});

it('asks for one token when the first sixteen pushes come at once', async () => {
  configure('main', other.settings);
  const receipts = await Promise.all(Array.from({ length: 16 }, () => senders.send('main', aPush('token'), PATIENTLY)));
  expect(receipts.every(({ ok }) => ok)).toBe(true);
  expect(other.tokenRequests).toHaveLength(1);
});

it('does not lose a push that is under way while the configuration changes', async () => {
  configure('main', fcm.settings);
  const token = await fcm.register();
  await fcm.behave({ token, reply: 'accept', delayMs: 1_000, next: 1 });
  const underWay = senders.send('main', aPush(token), PATIENTLY);
  // Once the message has arrived only its answer is outstanding.
  const arrived = await fetch(
    `${fcm.simulator.url}/simulator/pushes?token=${encodeURIComponent(token)}&waitSeconds=20`,
  );
  expect(await arrived.json()).toMatchObject({ pushes: [{}] });
  configure('main', other.settings, 2);
  passFreshness();
  await expect(senders.send('main', aPush('token'), PATIENTLY)).resolves.toMatchObject({ ok: true });
  await expect(underWay).resolves.toMatchObject({ ok: true });
});

it('does not lose a push that still waits for its access token while the configuration changes', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  other.onToken = async () => {
    asked.resolve();
    await answer.promise;
    return tokenReply('late');
  };
  configure('main', other.settings);
  const underWay = senders.send('main', aPush('token'), PATIENTLY);
  await asked.promise;
  configure('main', fcm.settings, 2);
  passFreshness();
  await expect(senders.send('main', aPush(await fcm.register()), PATIENTLY)).resolves.toMatchObject({ ok: true });
  answer.resolve();
  await expect(underWay).resolves.toMatchObject({ ok: true });
});

it('is back as soon as the configurations can be read again', async () => {
  configure('main', other.settings);
  const find = store.find;
  store.find = () => Promise.reject(new Error('database is gone'));
  await expect(senders.send('main', aPush('token'), PATIENTLY)).rejects.toThrow('database is gone');
  store.find = find;
  await expect(senders.send('main', aPush('token'), PATIENTLY)).resolves.toMatchObject({ ok: true });
});

it.each([
  ['no JSON', 'SENTINEL'],
  ['JSON without a service account', '{"endpoint":"https://fcm.example"}'],
])('answers with a value when the settings are %s', async (_name, settings) => {
  configure('main', settings);
  await expect(senders.send('main', aPush('token'), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure: 'misconfigured',
    providerCode: 'no_usable_settings',
  });
});

it('answers with a value when the application has no push configuration', async () => {
  await expect(senders.send(null, aPush('token'), PATIENTLY)).resolves.toStrictEqual({
    ok: false,
    failure: 'misconfigured',
    providerCode: 'no_usable_settings',
  });
  expect(lookUps).toStrictEqual([]);
});

it('has two thousand pushes of one configuration under way at most, and refuses one more at once', async () => {
  const release = Promise.withResolvers<void>();
  other.onSend = async () => {
    await release.promise;
    return GOOD_SEND;
  };
  configure('main', other.settings);
  configure('another', fcm.settings);
  const patiently = { ...PATIENTLY, withinMs: 50_000 };
  const underWay = Array.from({ length: 2_000 }, () => senders.send('main', aPush('token'), patiently));
  await expect(senders.send('main', aPush('token'), patiently)).resolves.toStrictEqual({
    ok: false,
    failure: 'throttled',
    providerCode: 'too_many_under_way',
  });
  // Other configurations have room of their own.
  await expect(senders.send('another', aPush(await fcm.register()), patiently)).resolves.toMatchObject({ ok: true });
  release.resolve();
  expect((await Promise.all(underWay)).filter(({ ok }) => !ok)).toStrictEqual([]);
  await expect(senders.send('main', aPush('token'), patiently)).resolves.toMatchObject({ ok: true });
});
