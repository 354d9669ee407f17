import { generateKey } from 'openpgp';
import { type DeviceServer, type Forgery, startDeviceServer } from './device-server.ts';
import { enrolPhone } from './phone.ts';

const UNTRUSTED = { number: 10018, code: 'reply_untrusted' };

let server: DeviceServer;
beforeEach(async () => {
  server = await startDeviceServer();
});
afterEach(() => server.close());

async function fetchForged(forgery: Forgery) {
  const { client } = await enrolPhone(server);
  server.forgery = forgery;
  return client.fetchChallenge(server.begin().id);
}

async function answerForged(forgery: Forgery) {
  const { client } = await enrolPhone(server);
  const challenge = await client.fetchChallenge(server.begin().id);
  server.forgery = forgery;
  return client.approve(challenge);
}

it('refuses a challenge that nobody has signed', async () => {
  await expect(fetchForged({ signWith: null })).rejects.toMatchObject(UNTRUSTED);
});

it('refuses a challenge signed by another key', async () => {
  const { privateKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'server' }],
    format: 'object',
  });
  await expect(fetchForged({ signWith: privateKey })).rejects.toMatchObject(UNTRUSTED);
});

it.each(['purpose', 'transactionId', 'enrolmentId', 'requestId', 'method'])(
  'refuses a challenge with another %s, although the server signed it',
  async (name) => {
    const content: Forgery['content'] = (honest) => ({ ...honest, [name]: 'another' });
    await expect(fetchForged({ content })).rejects.toMatchObject(UNTRUSTED);
  },
);

it.each(['purpose', 'transactionId', 'enrolmentId', 'answerSha256'])(
  'refuses a reply to an answer with another %s',
  async (name) => {
    const content: Forgery['content'] = (honest) => ({ ...honest, [name]: 'another' });
    await expect(answerForged({ content })).rejects.toMatchObject(UNTRUSTED);
  },
);

it('does not take the reply to one answer for the reply to another', async () => {
  const { client } = await enrolPhone(server);
  let first: Record<string, unknown> | undefined;
  server.forgery = {
    content: (honest) => {
      if (honest.purpose !== 'answer_reply') return honest;
      first ??= honest;
      return first;
    },
  };
  await expect(client.deny(server.begin().id)).resolves.toEqual({ status: 'denied' });
  await expect(client.deny(server.begin().id)).rejects.toMatchObject(UNTRUSTED);
});

it.each(['', 'null', '[]', '"text"', 'not JSON'])('refuses a signed message that holds %j', async (text) => {
  await expect(fetchForged({ content: () => text })).rejects.toMatchObject(UNTRUSTED);
});

it.each(['type', 'message', 'expiresAt', 'nonce'])('refuses a challenge without %s', async (name) => {
  const content: Forgery['content'] = ({ [name]: _, ...rest }) => rest;
  await expect(fetchForged({ content })).rejects.toMatchObject({ number: 10001, code: 'reply_malformed' });
});

it('refuses a reply that is larger than a megabyte', async () => {
  const content: Forgery['content'] = (honest) => ({ ...honest, filler: 'x'.repeat(2 * 1024 * 1024) });
  await expect(fetchForged({ content })).rejects.toMatchObject({ code: 'reply_malformed' });
});

it('does not try a forged reply again', async () => {
  await expect(fetchForged({ signWith: null })).rejects.toMatchObject(UNTRUSTED);
  expect(server.seenAt('/fetch')).toHaveLength(1);
});
