import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import express from 'express';
import { createFileStore } from '../../sdk/file-store.ts';
import { type DeviceServer, startDeviceServer, type TestTransaction } from './device-server.ts';
import { createPhone, ENROL, enrolPhone } from './phone.ts';

const PHONE = resolve(import.meta.dirname, '../../dev/phone.ts');

let folder: string;
let server: DeviceServer;
let provider: Server;
let demo: Readonly<Record<string, string>>;
/** What the push provider does with each long poll, one after the other; further ones stay open. */
let polls: ((reply: express.Response) => void)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-listen-'));
  server = await startDeviceServer();
  polls = [];
  const app = express();
  app.get('/simulator/pushes', (request, reply) => {
    if (request.query.waitSeconds === '0') return void reply.json({ pushes: [] });
    polls.shift()?.(reply);
  });
  provider = await new Promise((done) => {
    const started = app.listen(0, '127.0.0.1', () => done(started));
  });
  const fcm = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  demo = { api: server.url, fcm };
  await writeFile(join(folder, 'demo.json'), JSON.stringify(demo));
  await enrolPhone(server, { store: createFileStore(join(folder, 'phone.json')) });
});
afterEach(async () => {
  provider.closeAllConnections();
  await new Promise((done) => provider.close(done));
  await server.close();
  await rm(folder, { recursive: true });
});

function push(sequence: number, { id }: TestTransaction, data: Record<string, string> = {}) {
  const content = { og_transaction_id: id, og_profile_id: 'alice', timestamp: Date.now(), timeToLiveSeconds: 60 };
  return { sequence, receivedAt: '', message: { data: { content: JSON.stringify(content), ...data } } };
}

async function listen(...args: string[]) {
  const env = { ...process.env, COUNTERSIGN_DATA: folder };
  const { code, out } = await new Promise<{ code: number | null; out: string }>((done) => {
    const child = execFile(process.execPath, [PHONE, '--json', 'listen', ...args], { env }, (_error, stdout) =>
      done({ code: child.exitCode, out: stdout }),
    );
  });
  return {
    code,
    events: out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

it('answers what waits, then what is pushed, each once', async () => {
  const [waiting, pushed] = [server.begin(), server.begin({ listed: false })];
  polls = [(reply) => reply.json({ pushes: [push(1, waiting), push(2, pushed)] })];
  const { code, events } = await listen('--approve', '--count', '2');
  expect(code).toBe(0);
  expect(events.map(({ event, transactionId }) => [event, transactionId])).toEqual([
    ['pending', waiting.id],
    ['challenge', waiting.id],
    ['approved', waiting.id],
    ['push', pushed.id],
    ['challenge', pushed.id],
    ['approved', pushed.id],
  ]);
});

it('goes on after a broken connection, a foreign push and a transaction that is gone', async () => {
  const [gone, good] = [server.begin({ listed: false, lifeMs: -1_000 }), server.begin({ listed: false })];
  polls = [
    (reply) => reply.socket?.destroy(),
    (reply) => reply.json({ pushes: [push(1, good, { content: 'of another app' }), push(2, gone), push(3, good)] }),
  ];
  const { code, events } = await listen('--deny', '--count', '1');
  expect(code).toBe(0);
  expect(events.map(({ event, transactionId, code: told }) => [event, transactionId ?? told])).toEqual([
    ['push', gone.id],
    ['refused', 'transaction_expired'],
    ['push', good.id],
    ['challenge', good.id],
    ['denied', good.id],
  ]);
});

it('gets the pushes of an iPhone from APNs, with their fields at the root', async () => {
  const store = createFileStore(join(folder, 'iphone.json'));
  const { client } = createPhone(server, { store });
  await client.enrol({ ...ENROL, device: { name: "Alice's iPhone", platform: 'ios' } });
  const { fcm: apns, ...rest } = demo;
  await writeFile(join(folder, 'demo.json'), JSON.stringify({ ...rest, fcm: 'http://127.0.0.1:1', apns }));
  const transaction = server.begin({ listed: false });
  const content = { og_transaction_id: transaction.id, og_profile_id: 'alice', og_message: 'Log in?' };
  const payload = { aps: { alert: { body: 'Log in?' } }, ...content, timestamp: Date.now(), timeToLiveSeconds: 60 };
  polls = [(reply) => reply.json({ pushes: [{ sequence: 1, receivedAt: '', message: { payload } }] })];
  const { code, events } = await listen('--approve', '--count', '1', '--store', join(folder, 'iphone.json'));
  expect(code).toBe(0);
  expect(events.map(({ event, transactionId }) => [event, transactionId])).toEqual([
    ['push', transaction.id],
    ['challenge', transaction.id],
    ['approved', transaction.id],
  ]);
});

it('only reports where nobody can be asked', async () => {
  const transaction = server.begin({ listed: false });
  polls = [
    (reply) => reply.json({ pushes: [push(1, transaction)] }),
    (reply) => reply.json({ pushes: [push(2, transaction)] }),
  ];
  const { code, events } = await listen('--count', '2');
  expect(code).toBe(0);
  expect(events).toMatchObject([
    { event: 'push', transactionId: transaction.id, userId: 'alice', timeToLiveSeconds: 60 },
    { event: 'push', transactionId: transaction.id },
  ]);
  expect(server.seenAt('/fetch')).toHaveLength(0);
});
