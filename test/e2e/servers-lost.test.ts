import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningPostgres, startPostgres } from '../../dev/embedded-postgres.ts';
import { type RunningTemporal, startTemporal } from '../../dev/temporal-server.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('when a server is gone', () => {
  let dataDir: string;
  let postgres: RunningPostgres;
  let temporal: RunningTemporal;
  let stack: Stack;
  let phone: Phone;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'countersign-lost-'));
    postgres = await startPostgres({ dataDir });
    temporal = await startTemporal({ dataDir, headless: true });
    stack = await startStack({ databaseServerUrl: postgres.connectionString, temporalAddress: temporal.address });
    phone = await stack.enrolPhone('alice');
  });
  afterAll(async () => {
    await stack?.stop();
    await temporal?.stop();
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const begin = () =>
    stack.portal.begin({
      type: 'push',
      user_id: 'alice',
      device_id: phone.deviceId,
      callback_uri: stack.callbacks.url,
      message: 'Log in?',
    });
  const readiness = async () => (await fetch(`${stack.apiUrl}/readyz`)).status;
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo()));
  }
  const expectUnavailable = (reply: { status: number; headers: Headers; body: unknown }) => {
    expect(reply).toMatchObject({ status: 503, body: { error_code: 'unavailable' } });
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
  };

  it('PostgreSQL killed between begin and answer: 503 meanwhile, then settled once with one callback', async () => {
    const transactionId = await stack.begin(phone);
    const challenge = await phone.client.fetchChallenge(transactionId);
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.exited;
    expectUnavailable(await begin());
    expectUnavailable(await stack.portal.result(transactionId));
    expect(await readiness()).toBe(503);

    postgres = await startPostgres({ dataDir, port: postgres.port });
    await until(async () => (await readiness()) === 200);
    expect(await phone.client.approve(challenge)).toEqual({ status: 'approved' });
    await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).result();
    expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
    expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: 'approved' });
  });

  it('PostgreSQL killed before the deadline: the transaction expires once it is back', async () => {
    await stack.database.knex('authentication_types').insert({
      name: 'push-two-seconds',
      method: 'push',
      time_to_live_seconds: 2,
      max_resends: 0,
    });
    const transactionId = await stack.begin(phone, { type: 'push-two-seconds' });
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.exited;
    const handle = stack.temporal.workflow.getHandle(`transaction:${transactionId}`);
    await until(async () =>
      Boolean((await handle.fetchHistory()).events?.some((event) => event.timerFiredEventAttributes)),
    );
    postgres = await startPostgres({ dataDir, port: postgres.port });
    expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
    expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: 'expired' });
  });

  it('Temporal killed: 503 meanwhile, results still readable, and what waited still waits and can be answered', async () => {
    const transactionId = await stack.begin(phone);
    const challenge = await phone.client.fetchChallenge(transactionId);
    process.kill(temporal.pid, 'SIGKILL');
    await temporal.exited;
    expectUnavailable(await begin());
    expectUnavailable(await stack.portal.resend('alice', transactionId));
    expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: 'pending' });
    expect(await readiness()).toBe(503);

    temporal = await startTemporal({ dataDir, headless: true, port: temporal.port });
    await until(async () => (await readiness()) === 200);
    const outcome = await phone.client.approve(challenge);
    expect(['approved', 'recorded']).toContain(outcome.status);
    expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
    expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: 'approved' });
    await until(async () => (await begin()).status === 200);
  });

  it('Temporal frozen: 503 and no hang, and back to work by itself', async () => {
    process.kill(temporal.pid, 'SIGSTOP');
    try {
      expectUnavailable(await begin());
      await until(async () => (await readiness()) === 503);
      expectUnavailable(await begin());
    } finally {
      process.kill(temporal.pid, 'SIGCONT');
    }
    await until(async () => (await begin()).status === 200);
  });

  it('PostgreSQL frozen: 503 and no hang, and back to work by itself', async () => {
    const pids = await processGroupOf(postgres.pid);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      expectUnavailable(await begin());
      expect(await readiness()).toBe(503);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    await until(async () => (await begin()).status === 200);
  });
});

/** PostgreSQL's processes: the postmaster and the children that serve connections. */
async function processGroupOf(postmaster: number): Promise<number[]> {
  const { readdir, readFile } = await import('node:fs/promises');
  const found = [postmaster];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent === postmaster) found.push(Number(entry));
  }
  return found;
}
