import { once } from 'node:events';
import { request } from 'node:http';
import type { OneSpanPortal } from '../support/onespan-portal.ts';
import { type OneSpanStack, PASSWORD, startOneSpanStack } from '../support/onespan-stack.ts';
import type { Phone } from '../support/stack.ts';

const PASSKEY = `push${PASSWORD}`;

let stack: OneSpanStack;
let onespan: OneSpanPortal;

beforeAll(async () => {
  // Half of them may wait.
  stack = await startOneSpanStack({ env: { API_MAX_CONCURRENT_REQUESTS: '4' } });
  ({ onespan } = stack);
});
afterAll(() => stack?.stop());

/** Begins a login that waits, and resolves once its push has come. */
async function waitingLogin(phone: Phone) {
  const reply = onespan.login(phone.userId, PASSKEY, { timeout: 300 });
  const [pending] = await stack.pendingOf(phone);
  return { reply, transactionId: pending?.transactionId as string };
}

it('waits for as many as there are places, and begins nothing for one more', async () => {
  const [one, two, three] = [await stack.aUser('one'), await stack.aUser('two'), await stack.aUser('three')];
  const waiting = [await waitingLogin(one), await waitingLogin(two)];
  const refused = await onespan.login('three', PASSKEY, { timeout: 300 });
  expect(refused).toMatchObject({ status: 503, body: { error: 'Service Unavailable' } });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await three.client.pending()).toEqual([]);
  // Who does not wait is served, and so are the phones.
  expect((await onespan.login('three', PASSKEY)).body.sessionStatus).toBe('pending');
  for (const [index, phone] of [one, two].entries()) {
    await phone.client.deny(waiting[index]?.transactionId as string);
    expect((await waiting[index]?.reply)?.body).toMatchObject({ sessionStatus: 'refused' });
  }
  const four = await stack.aUser('four');
  const again = await waitingLogin(four);
  await four.client.deny(again.transactionId);
  expect((await again.reply).status).toBe(409);
});

it('tells who comes while the service is full, with an id like every reply', async () => {
  // Served up to their bodies, which never come: the server says `100 Continue` once a request is in its hands.
  const held = Array.from({ length: 4 }, () =>
    request(`${stack.apiUrl}/v1/users/someone/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '2', expect: '100-continue' },
      auth: `${stack.portal.credentials.id}:${stack.portal.credentials.secret}`,
    }),
  );
  const destroyed = held.map((one) => once(one, 'close'));
  for (const one of held) {
    one.on('error', () => {});
    one.flushHeaders();
    await once(one, 'continue');
  }
  const { status, body, headers } = await onespan.session('no-id');
  expect({ status, body }).toEqual({
    status: 503,
    body: { error: 'Service Unavailable', message: expect.any(String) },
  });
  expect(headers.get('retry-after')).toBe('1');
  expect(headers.get('log-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  for (const one of held) one.end('{}');
  await Promise.all(destroyed);
});

it('refuses while no worker is there, and begins when there is one again', async () => {
  const phone = await stack.aUser('orphan');
  await stack.worker.stop();
  const refused = await onespan.login('orphan', PASSKEY);
  expect(refused).toMatchObject({ status: 503, body: { error: 'Service Unavailable' } });
  expect(refused.headers.get('retry-after')).toBe('2');
  await stack.startWorker();
  const { body } = await onespan.login('orphan', PASSKEY);
  await phone.client.approve(await phone.client.fetchChallenge(body.requestID));
  expect((await onespan.session(body.requestID)).body).toEqual({ sessionStatus: 'accepted' });
  expect(await phone.client.pending()).toEqual([]);
});

it('answers those who wait with what is known when the process ends, and the outcome is there to be polled', async () => {
  const phone = await stack.aUser('interrupted');
  const { reply, transactionId } = await waitingLogin(phone);
  const ended = stack.api.stop();
  expect(await reply).toMatchObject({ status: 200, body: { sessionStatus: 'pending', requestID: transactionId } });
  expect(await ended).toBe(0);
  const row = await stack.database.knex('transactions').where({ id: transactionId }).first();
  expect(row.status).toBe('pending');
});
