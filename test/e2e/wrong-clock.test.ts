import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../dev/wait-until.ts';
import { clockFileOf, seenFileOf, withMovableClock } from '../../faults/clock/with-movable-clock.ts';
import { isSeen } from '../../faults/nemesis/move-clock.ts';
import { createDeviceClient, createMemoryStore } from '../../sdk/index.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const HOUR_MS = 3_600_000;
const [PIN, NEW_PIN] = ['48151', '62342'];

let stack: Stack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-wrong-clock-'));
  stack = await startStack({ env: withMovableClock(folder, 'stack') as Record<string, string> });
});
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function moveClock(name: 'api' | 'worker', byMs: number): Promise<void> {
  const seenFile = seenFileOf(folder, 'stack');
  rmSync(seenFile, { force: true });
  writeFileSync(clockFileOf(folder, 'stack'), String(byMs));
  stack[name].signal('SIGUSR2');
  await waitUntil(async () => isSeen(seenFile, byMs), { what: `${name}, to notice its clock,`, withinMs: 30_000 });
}

async function whileOff(name: 'api' | 'worker', byMs: number, run: () => Promise<void>): Promise<void> {
  await moveClock(name, byMs);
  try {
    await run();
  } finally {
    await moveClock(name, 0);
  }
}

async function approveOn(phone: Phone, input?: { pin: string }) {
  const transactionId = await stack.begin(phone, { type: input ? 'push-pin' : 'push' });
  const outcome = await phone.client.approve(await phone.client.fetchChallenge(transactionId), input);
  expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: outcome.status });
  return outcome;
}

/** Everything that OpenPGP takes part in. */
async function useInEveryWay(phone: Phone): Promise<void> {
  expect(await approveOn(phone)).toEqual({ status: 'approved' });
  await phone.client.setPin(PIN);
  expect(await approveOn(phone, { pin: PIN })).toEqual({ status: 'approved' });
  expect(await phone.client.changePin(PIN, NEW_PIN)).toEqual({ status: 'changed' });
  const { body } = await stack.portal.begin({ type: 'otp', callback_uri: stack.callbacks.url, message: 'Log in?' });
  const claimed = await phone.client.claimOtp(body.otp);
  expect(await phone.client.approve(claimed)).toEqual({ status: 'approved' });
  await phone.client.rotateKeys();
  expect(await approveOn(phone)).toEqual({ status: 'approved' });
}

const OFF = [
  ['behind', -HOUR_MS],
  ['ahead', HOUR_MS],
] as const;
const KEYS = [
  ['the key of all', false],
  ['a key of its own', true],
] as const;

const useOwnKeys = (unique: boolean) =>
  stack.database.knex('general_settings').update({ unique_pgp_keys_enabled: unique });

describe.each(OFF)('while the clock of the api is an hour %s', (direction, byMs) => {
  it('a phone that enrolled before goes on in every way, and afterwards', async () => {
    const phone = await stack.enrolPhone(`before-${direction}`);
    await whileOff('api', byMs, () => useInEveryWay(phone));
    expect(await approveOn(phone)).toEqual({ status: 'approved' });
  });

  it.each(KEYS)('a phone enrols with %s and goes on in every way, and afterwards', async (_key, unique) => {
    await useOwnKeys(unique);
    let enrolled: Phone | undefined;
    await whileOff('api', byMs, async () => {
      enrolled = await stack.enrolPhone(`new-${direction}-${unique}`);
      await useInEveryWay(enrolled);
    });
    expect(await approveOn(enrolled as Phone)).toEqual({ status: 'approved' });
    expect(stack.api.output()).not.toContain('request failed');
  });
});

describe.each(OFF)('while the clock of the worker is an hour %s', (direction, byMs) => {
  it.each(KEYS)('the answers of a phone with %s are judged as ever', async (_key, unique) => {
    await useOwnKeys(unique);
    const phone = await stack.enrolPhone(`judged-${direction}-${unique}`);
    await phone.client.setPin(PIN);
    const [push, withPin] = [await stack.begin(phone), await stack.begin(phone, { type: 'push-pin' })];
    await whileOff('worker', byMs, async () => {
      const { client } = phone;
      expect(await client.approve(await client.fetchChallenge(push))).toEqual({ status: 'approved' });
      const challenge = await client.fetchChallenge(withPin);
      const wrong = { status: 'pin_wrong', attemptsLeft: 2 };
      expect(await client.approve(challenge, { pin: NEW_PIN })).toEqual(wrong);
      expect(await client.approve(challenge, { pin: PIN })).toEqual({ status: 'approved' });
    });
  });
});

describe.each(OFF)('a phone whose clock is an hour %s', (direction, byMs) => {
  it('enrols and goes on in every way, by a client that was started anew too', async () => {
    const userId = `phone-${direction}`;
    const ticket = (await stack.portal.ticket(userId)).body;
    const minted = await fetch(`${stack.fcm.url}/simulator/registrations`, { method: 'POST' });
    const { token: pushToken } = (await minted.json()) as { token: string };
    const store = createMemoryStore();
    const start = () => createDeviceClient({ serverUrl: stack.apiUrl, store, now: () => Date.now() + byMs });
    const client = start();
    await client.enrol({ ticket, device: { name: 'Wrong clock', platform: 'android' }, pushToken });
    const deviceId = (await store.load())?.deviceId as string;
    await useInEveryWay({ userId, deviceId, pushToken, client, store });
    await start().rotateKeys();
  });
});
