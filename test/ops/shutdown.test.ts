import { startProcess } from '../support/child.ts';
import { operationsUrlOf } from '../support/operations-url.ts';
import type { PortalReply } from '../support/portal.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const SIXTEEN = Array.from({ length: 16 }, (_, index) => index);

/** Asks until the answer is the one waited for. */
async function until<Value>(ask: () => Promise<Value>, isIt: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (isIt(value)) return value;
  }
}

describe('an end in order, in the middle of the work', () => {
  let stack: Stack;
  let phones: Phone[];

  beforeAll(async () => {
    stack = await startStack({ env: { API_DRAIN_SECONDS: '2', WORKER_METRICS_PORT: '0' } });
    phones = await Promise.all(SIXTEEN.map((index) => stack.enrolPhone(`user-${index}`)));
  });
  afterAll(() => stack?.stop());

  const beginFor = (phone: Phone): Promise<PortalReply> =>
    stack.portal.begin({
      type: 'push',
      user_id: phone.userId,
      device_id: phone.deviceId,
      callback_uri: stack.callbacks.url,
      message: 'Log in?',
    });

  const behave = async (reply: string): Promise<void> => {
    const { ok } = await fetch(`${stack.fcm.url}/simulator/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reply }),
    });
    expect(ok).toBe(true);
  };

  const openTransactions = async (): Promise<number> => {
    const { rows } = await stack.database.knex.raw('select count(*)::int as count from transactions');
    return rows[0].count;
  };

  it('of the worker: each of sixteen transactions goes on with the next one, answered and called back once', async () => {
    const begun = await Promise.all(phones.map(beginFor));
    expect(begun.map(({ status }) => status)).toEqual(SIXTEEN.map(() => 200));
    const challenges = await Promise.all(
      begun.map(({ body }, index) => (phones[index] as Phone).client.fetchChallenge(body.transaction_id)),
    );
    const old = stack.worker;
    const next = stack.startWorker();
    const approvals = challenges.map((challenge, index) => (phones[index] as Phone).client.approve(challenge));
    const code = await old.stop();
    await next;
    const verdicts = await Promise.all(approvals);
    expect(code).toBe(0);
    for (const verdict of verdicts)
      expect(verdict).toMatchObject({ status: expect.stringMatching(/approved|recorded/) });
    for (const { body } of begun) {
      expect(await stack.callbacks.waitFor(body.transaction_id)).toHaveLength(1);
      expect((await stack.portal.result(body.transaction_id)).body).toMatchObject({ status: 'approved' });
    }
    expect(old.output()).toContain('"msg":"closed"');
  }, 180_000);

  it('of the worker: it is alive and not ready while what it is at comes to an end', async () => {
    const url = await operationsUrlOf(stack.worker);
    await behave('hang');
    const before = await openTransactions();
    const held = beginFor(phones[0] as Phone);
    await until(openTransactions, (count) => count > before);
    const stopping = stack.worker.stop();
    const reply = await until(
      () => fetch(`${url}/readyz`),
      ({ status }) => status === 503,
    );
    expect(await reply.json()).toMatchObject({ status: 'not_ready', database: true, temporal: true, working: false });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await held).status).toBe(503);
    expect(await stopping).toBe(0);
    await behave('accept');
    await stack.startWorker();
  });

  it('of the api: what it took it answers, it says that it is not ready, and nothing acknowledged is lost', async () => {
    const before = await openTransactions();
    const statuses: number[] = [];
    const begun: string[] = [];
    const endings: unknown[] = [];
    // Sixteen portals that begin one after the other, until nobody is there any more.
    const portals = phones.map(async (phone) => {
      for (;;) {
        const reply = await beginFor(phone).catch((error: Error) => {
          endings.push((error.cause as { code?: unknown } | undefined)?.code);
        });
        if (!reply) return;
        statuses.push(reply.status);
        if (reply.status === 200) begun.push(reply.body.transaction_id);
      }
    });
    await until(openTransactions, (count) => count >= before + 16);
    const stopping = stack.api.stop();
    const notReady = await until(
      () => fetch(`${stack.apiUrl}/readyz`),
      ({ status }) => status === 503,
    );
    expect(await notReady.json()).toMatchObject({ status: 'not_ready', draining: true });
    expect((await fetch(`${stack.apiUrl}/livez`)).status).toBe(200);
    expect(notReady.headers.get('connection')).toBe('close');
    expect(await stopping).toBe(0);
    await Promise.all(portals);
    // Refused, or reset by the kernel before the process had taken the connection; nobody was cut off in the middle: see below.
    expect(endings).toHaveLength(16);
    for (const code of endings) expect(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET']).toContain(code);
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(begun.length).toBeGreaterThanOrEqual(16);
    const { rows } = await stack.database.knex.raw(
      `select count(*)::int as count from transactions where id = any(?)`,
      [begun],
    );
    expect(rows[0].count).toBe(begun.length);
    // Nothing was begun for a caller who got no reply; a 503 may have begun something.
    const unanswered = (await openTransactions()) - before - begun.length;
    expect(unanswered).toBeLessThanOrEqual(statuses.filter((status) => status === 503).length);
    const api = await startProcess('api/main.ts', stack.env);
    try {
      // Each of them can still be read, and ended, through another process.
      const ended = await Promise.all(begun.slice(0, 16).map((id) => stack.portal.cancel(id)));
      expect(ended.map(({ status }) => status)).toEqual(SIXTEEN.map(() => 204));
    } finally {
      await api.stop();
    }
  }, 180_000);
});
