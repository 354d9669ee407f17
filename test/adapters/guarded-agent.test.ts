import type { LookupAddress } from 'node:dns';
import { BlockList } from 'node:net';
import { createCallbackSender } from '../../activities/adapters/callback-sender.ts';
import type { Lookup } from '../../activities/adapters/guarded-agent.ts';
import { type PortalServer, startPortalServer } from './portal-server.ts';

const TIMEOUT_MS = 10_000;
const HOST = 'portal.example';
const REFUSED = { ok: false, failure: 'address_not_allowed' };

/** One address of this machine is allowed, and no other one. */
const allowedNetworks = new BlockList();
allowedNetworks.addAddress('127.0.0.1');

let portal: PortalServer;
const senders: ReturnType<typeof createCallbackSender>[] = [];

beforeAll(async () => {
  portal = await startPortalServer('::');
});

afterEach(() => Promise.all(senders.splice(0).map((sender) => sender.close())));
afterAll(() => portal.close());

const address = (text: string): LookupAddress => ({ address: text, family: text.includes(':') ? 6 : 4 });

/** Sends over a resolver that gives one answer after the other, the last one for good. */
function sendBy(...answers: readonly (readonly string[])[]) {
  let asked = 0;
  const lookup: Lookup = async () => (answers[Math.min(asked++, answers.length - 1)] ?? []).map(address);
  const sender = createCallbackSender({ allowedNetworks, findCredentials: async () => undefined, lookup });
  senders.push(sender);
  return {
    send: (host = HOST) =>
      sender.send({ callbackUri: `http://${host}:${portal.port}/callback`, transactionId: 't' }, TIMEOUT_MS),
    asked: () => asked,
  };
}

it('calls a name whose every address is allowed, by that name', async () => {
  const { send } = sendBy(['127.0.0.1']);
  await expect(send()).resolves.toMatchObject({ ok: true });
  expect(portal.requests.at(-1)?.headers.host).toBe(`${HOST}:${portal.port}`);
});

it.each([
  ['a private one first', ['10.0.0.1', '127.0.0.1']],
  ['a private one last', ['127.0.0.1', '10.0.0.1']],
  ['a private one of the other family', ['127.0.0.1', 'fd00::1']],
  ['a private one in IPv6 clothing', ['127.0.0.1', '::ffff:169.254.169.254']],
  ['this very machine', ['127.0.0.1', '127.0.0.2']],
  ['none at all', []],
])('does not call a name whose addresses hold %s', async (_name, answer) => {
  const before = portal.connections();
  await expect(sendBy(answer).send()).resolves.toStrictEqual(REFUSED);
  expect(portal.connections()).toBe(before);
});

it('goes to the address that it checked, and asks no second time on the way', async () => {
  const { send, asked } = sendBy(['127.0.0.1'], ['127.0.0.2']);
  await expect(send()).resolves.toMatchObject({ ok: true });
  expect(asked()).toBe(1);
});

it('judges a name anew for each connection, also when it was good a moment ago', async () => {
  const { send, asked } = sendBy(['127.0.0.1'], ['127.0.0.2']);
  portal.answer = (_request, response) => void response.writeHead(204, { connection: 'close' }).end();
  await expect(send()).resolves.toMatchObject({ ok: true });
  const before = portal.connections();
  await expect(send()).resolves.toStrictEqual(REFUSED);
  portal.answer = (_request, response) => void response.writeHead(204).end();
  expect(asked()).toBe(2);
  expect(portal.connections()).toBe(before);
});

it('does not ask for what is an address already', async () => {
  const { send, asked } = sendBy(['127.0.0.1']);
  await expect(send('127.0.0.1')).resolves.toMatchObject({ ok: true });
  await expect(send('127.0.0.2')).resolves.toStrictEqual(REFUSED);
  expect(asked()).toBe(0);
});

it('gives a resolver that does not answer up when the time is over', async () => {
  const lookup: Lookup = () => new Promise(() => {});
  const sender = createCallbackSender({ allowedNetworks, findCredentials: async () => undefined, lookup });
  senders.push(sender);
  const callback = { callbackUri: `http://${HOST}:${portal.port}/`, transactionId: 't' };
  await expect(sender.send(callback, 500)).resolves.toStrictEqual({ ok: false, failure: 'timeout' });
});
