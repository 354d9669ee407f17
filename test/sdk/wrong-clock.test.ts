import { createMessage, encrypt, generateKey } from 'openpgp';
import { open } from '../../sdk/open.ts';
import { seal } from '../../sdk/seal.ts';
import { type DeviceServer, startDeviceServer } from './device-server.ts';
import { createPhone, ENROL } from './phone.ts';

const HOUR_MS = 3_600_000;
const OFF = [
  ['behind', -HOUR_MS],
  ['ahead', HOUR_MS],
] as const;

let server: DeviceServer;
beforeEach(async () => {
  server = await startDeviceServer();
});
afterEach(() => server.close());

const phoneOff = (byMs: number) => createPhone(server, { now: () => Date.now() + byMs });

describe.each(OFF)('a phone whose clock is an hour %s', (_name, byMs) => {
  it('learns the time from the first refusal, and then enrols, fetches and answers', async () => {
    const { client, waitedMs } = phoneOff(byMs);
    await client.enrol(ENROL);
    const transaction = server.begin();
    await expect(client.pending()).resolves.toHaveLength(1);
    const challenge = await client.fetchChallenge(transaction.id);
    await expect(client.approve(challenge)).resolves.toEqual({ status: 'approved' });
    expect(server.refusedForClock).toHaveLength(1);
    expect(waitedMs).toEqual([]);
  });

  it('sends again what was lost, as long as the transaction lives by the time of the server', async () => {
    const { client } = phoneOff(byMs);
    await client.enrol(ENROL);
    const { id, expiresAt, nonce } = server.begin();
    server.faults.push('lose_reply');
    await expect(client.fetchChallenge({ transactionId: id, expiresAt })).resolves.toMatchObject({ nonce });
  });

  it('is told so where it can not read the time of the server', async () => {
    server.hidesDate = true;
    const refused = { code: 'proof_invalid', detail: 'iat', status: 401 };
    await expect(phoneOff(byMs).client.enrol(ENROL)).rejects.toMatchObject(refused);
    expect(server.refusedForClock).toHaveLength(1);
  });

  it('goes on with what was made before its clock was moved', async () => {
    const userIDs = [{ name: 'either' }];
    const pair = () => generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs, format: 'object' });
    const [phone, own] = await Promise.all([pair(), pair()]);
    const keys = { phone: phone.privateKey, server: own.publicKey };
    await expect(seal({}, keys, Date.now() + byMs)).resolves.toContain('BEGIN PGP MESSAGE');
  });
});

describe.each(OFF)('a server whose clock is an hour %s', (_name, byMs) => {
  it('is followed, and followed back when its clock was put right', async () => {
    const { client } = phoneOff(0);
    await client.enrol(ENROL);
    server.clockOffMs = byMs;
    await expect(client.fetchChallenge(server.begin().id)).resolves.toBeDefined();
    server.clockOffMs = 0;
    await expect(client.deny(server.begin().id)).resolves.toEqual({ status: 'denied' });
    expect(server.refusedForClock).toHaveLength(2);
  });

  it('may have made its key and signed by that clock', async () => {
    const pair = (name: string, madeMs: number) => {
      const userIDs = [{ name }];
      const date = new Date(madeMs);
      return generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs, format: 'object', date });
    };
    const now = Date.now();
    const date = new Date(Math.max(now, now + byMs));
    const [phone, own] = await Promise.all([pair('phone', now), pair('server', now + byMs)]);
    const armored = await encrypt({
      message: await createMessage({ text: '{"purpose":"challenge"}' }),
      encryptionKeys: phone.publicKey,
      signingKeys: own.privateKey,
      date,
    });
    const keys = { phone: phone.privateKey, server: own.publicKey };
    await expect(open(armored, keys, { purpose: 'challenge' })).resolves.toEqual({ purpose: 'challenge' });
    await expect(seal({}, keys, now)).resolves.toContain('BEGIN PGP MESSAGE');
  });
});

it('follows a server whose time changes with each reply no more than once', async () => {
  let asked = 0;
  const { client } = createPhone(server, {
    now: () => Date.now() - 5 * HOUR_MS,
    async fetch(input, init) {
      const reply = await fetch(input, init);
      asked++;
      server.clockOffMs += HOUR_MS;
      return reply;
    },
  });
  await expect(client.enrol(ENROL)).rejects.toMatchObject({ code: 'proof_invalid', detail: 'iat' });
  expect(asked).toBe(2);
});

it('asks a server of nearly the same time no second time', async () => {
  server.faults.push({ status: 401, body: { code: 'proof_invalid', detail: 'iat' } });
  await expect(phoneOff(0).client.enrol(ENROL)).rejects.toMatchObject({ code: 'proof_invalid', detail: 'iat' });
  expect(server.seen).toHaveLength(1);
});
