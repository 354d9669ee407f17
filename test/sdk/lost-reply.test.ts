import { createServer } from 'node:net';
import { type DeviceServer, startDeviceServer } from './device-server.ts';
import { createPhone, ENROL, enrolPhone } from './phone.ts';

let server: DeviceServer;
beforeEach(async () => {
  server = await startDeviceServer();
});
afterEach(() => server.close());

it('asks for the challenge with the same request after a lost reply, each time with a fresh proof', async () => {
  const { client } = await enrolPhone(server);
  const transaction = server.begin();
  server.faults.push('lose_reply', 'lose_request');
  await expect(client.fetchChallenge(transaction.id)).resolves.toMatchObject({ nonce: transaction.nonce });
  const asked = server.seenAt('/fetch');
  expect(asked).toHaveLength(3);
  expect(new Set(asked.map(({ body }) => (body as { requestId: string }).requestId)).size).toBe(1);
  expect(new Set(asked.map(({ proofId }) => proofId)).size).toBe(3);
});

it('asks with the same request after a restart too', async () => {
  const { client, store } = await enrolPhone(server);
  const transaction = server.begin();
  server.faults.push('lose_reply', 'lose_reply', 'lose_reply');
  await expect(client.fetchChallenge(transaction.id)).rejects.toMatchObject({ number: 9000 });
  const { client: restarted } = createPhone(server, { store });
  await expect(restarted.fetchChallenge(transaction.id)).resolves.toMatchObject({ nonce: transaction.nonce });
});

it('sends the very same bytes when the reply to an answer is lost', async () => {
  const { client } = await enrolPhone(server);
  const transaction = server.begin();
  const challenge = await client.fetchChallenge(transaction.id);
  server.faults.push('lose_reply');
  await expect(client.approve(challenge)).resolves.toEqual({ status: 'approved' });
  const [first, second] = server.seenAt('/answer');
  expect(second?.body).toEqual(first?.body);
  expect(transaction.answers).toHaveLength(1);
});

it('sends the very same bytes after a restart', async () => {
  const { client, store } = await enrolPhone(server);
  const transaction = server.begin();
  const challenge = await client.fetchChallenge(transaction.id);
  server.faults.push('lose_reply', 'lose_reply', 'lose_reply');
  await expect(client.approve(challenge)).rejects.toMatchObject({ number: 9000, code: 'network_failed' });
  const { client: restarted } = createPhone(server, { store });
  await expect(restarted.approve(challenge)).resolves.toEqual({ status: 'approved' });
  expect(transaction.answers).toHaveLength(1);
  expect(server.seenAt('/answer')).toHaveLength(4);
});

it('learns after a restart what became of an approval, although its challenge is gone', async () => {
  const { client, store } = await enrolPhone(server);
  const transaction = server.begin();
  const challenge = await client.fetchChallenge(transaction.id);
  server.faults.push('lose_reply', 'lose_reply', 'lose_reply');
  await expect(client.approve(challenge)).rejects.toMatchObject({ number: 9000 });
  const { client: restarted } = createPhone(server, { store });
  await expect(restarted.repeatApproval(transaction.id)).resolves.toEqual({ status: 'approved' });
  await expect(restarted.repeatApproval(server.begin().id)).resolves.toBeUndefined();
  expect(transaction.answers).toHaveLength(1);
});

it('seals anew after the server could not read an answer', async () => {
  const { client } = await enrolPhone(server);
  const transaction = server.begin();
  server.faults.push({ status: 400, body: { code: 'answer_undecryptable' } });
  await expect(client.deny(transaction.id)).rejects.toMatchObject({ number: 10015, code: 'answer_undecryptable' });
  await expect(client.deny(transaction.id)).resolves.toEqual({ status: 'denied' });
  const [first, second] = server.seenAt('/answer');
  expect(second?.body).not.toEqual(first?.body);
});

it('comes back when an overloaded server said it may', async () => {
  const { client, waitedMs } = await enrolPhone(server);
  server.faults.push({ status: 503, retryAfter: '7' });
  await expect(client.pending()).resolves.toEqual([]);
  expect(waitedMs).toEqual([7_000]);
});

it('reads Retry-After as a date too', async () => {
  const nowMs = Date.now();
  const { client, waitedMs } = await enrolPhone(server, { now: () => nowMs });
  server.faults.push({ status: 503, retryAfter: new Date(nowMs + 10_000).toUTCString() });
  await client.pending();
  expect(waitedMs[0]).toBeGreaterThan(8_000);
  expect(waitedMs[0]).toBeLessThanOrEqual(10_000);
});

it('gives up after three tries', async () => {
  const { client, waitedMs } = await enrolPhone(server);
  server.faults.push({ status: 503 }, { status: 503 }, { status: 503 });
  await expect(client.pending()).rejects.toMatchObject({ number: 9001, code: 'unavailable', status: 503 });
  expect(server.seenAt('/transactions')).toHaveLength(3);
  expect(waitedMs).toHaveLength(2);
});

it('does not wait past the end of the transaction, nor longer than a user would', async () => {
  const { client, waitedMs } = await enrolPhone(server);
  const transaction = server.begin({ lifeMs: 5_000 });
  const challenge = await client.fetchChallenge(transaction.id);
  server.faults.push({ status: 503, retryAfter: '6' });
  await expect(client.approve(challenge)).rejects.toMatchObject({ status: 503, retryAfterSeconds: 6 });
  server.faults.push({ status: 503, retryAfter: '3600' });
  await expect(client.pending()).rejects.toMatchObject({ status: 503, retryAfterSeconds: 3600 });
  expect(waitedMs).toEqual([]);
});

it('tries nothing again that can not pass', async () => {
  const { client, waitedMs } = await enrolPhone(server);
  server.faults.push({ status: 500, body: { code: 'internal' } });
  await expect(client.pending()).rejects.toMatchObject({ number: 9001, code: 'internal' });
  server.faults.push({ status: 502, body: '<html>Bad gateway</html>' });
  await expect(client.pending()).rejects.toMatchObject({ number: 9001, code: 'server_failed', status: 502 });
  server.faults.push({ status: 418, body: 'short and stout' });
  await expect(client.pending()).rejects.toMatchObject({ number: 10001, code: 'reply_malformed', status: 418 });
  expect(waitedMs).toEqual([]);
});

it('tells a server that does not answer from one that is not there', async () => {
  const { client } = await enrolPhone(server, { requestTimeoutMs: 200 });
  server.faults.push('hang', 'hang', 'hang');
  await expect(client.pending()).rejects.toMatchObject({ number: 9000, code: 'network_failed' });
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const address = free.address();
  await new Promise((resolve) => free.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const { client: lost } = createPhone({ url: `http://127.0.0.1:${address.port}` });
  await expect(lost.enrol(ENROL)).rejects.toMatchObject({ number: 9001, code: 'server_unreachable' });
});
