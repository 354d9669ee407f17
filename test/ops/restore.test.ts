import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../../dev/embedded-postgres.ts';
import { type RunningTemporal, startTemporal } from '../../dev/temporal-server.ts';
import { loadApiConfig } from '../../runtime/config.ts';
import { createTemporalClient } from '../../runtime/temporal.ts';
import { reconciliationScheduleIdOf } from '../../workflows/contract.ts';
import { startProcess, type TestProcess } from '../support/child.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const run = promisify(execFile);

/** With owners and modes. Files that a running server removes meanwhile may be missing, as its manual says. */
async function copy(from: string, to: string): Promise<void> {
  await run('cp', ['--archive', from, to]).catch((error: { stderr?: string }) => {
    const complaints = (error.stderr ?? '').trim().split('\n');
    if (!complaints.every((line) => line.includes('No such file or directory'))) throw error;
  });
}

/** A base backup while the server runs, by PostgreSQL's own low-level interface (manual, 25.3.4). */
async function backUp(connectionString: string, from: string, to: string): Promise<void> {
  const session = new pg.Client({ connectionString });
  await session.connect();
  await session.query("select pg_backup_start('test', true)");
  await copy(from, to);
  const { rows } = await session.query('select labelfile from pg_backup_stop(false)');
  const [old, cluster] = [join(from, 'postgres'), join(to, 'postgres')];
  for (const name of ['postmaster.pid', 'postmaster.opts', 'pg_wal'])
    await rm(join(cluster, name), { recursive: true });
  // The log up to the end of the backup makes the copy consistent.
  await copy(join(old, 'pg_wal'), join(cluster, 'pg_wal'));
  const label = join(cluster, 'backup_label');
  await writeFile(label, rows[0].labelfile, { mode: 0o600 });
  const { uid, gid } = await stat(cluster);
  await chown(label, uid, gid);
  await session.end();
}

describe('a database that is restored, with a new Temporal', () => {
  let folder: string;
  let postgres: RunningPostgres;
  let temporal: RunningTemporal;
  let stack: Stack;
  let phone: Phone;
  let env: Record<string, string>;
  let approved: string;
  let waiting: string;
  let untold: string;
  let processes: TestProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-restore-'));
    const old = await startPostgres({ dataDir: join(folder, 'old') });
    stack = await startStack({ databaseServerUrl: old.connectionString });
    phone = await stack.enrolPhone('alice');
    approved = await stack.begin(phone);
    await phone.client.approve(await phone.client.fetchChallenge(approved));
    await stack.callbacks.waitFor(approved);
    waiting = await stack.begin(phone);
    // Its portal refuses the first call: the next one would come by a workflow that will be gone.
    untold = await stack.begin(phone);
    stack.callbacks.answerNextWith(...Array.from({ length: 8 }, () => 500));
    await phone.client.deny(await phone.client.fetchChallenge(untold));
    await stack.callbacks.waitFor(untold);
    await backUp(old.connectionString, join(folder, 'old'), join(folder, 'new'));
    await Promise.all([stack.api.kill(), stack.worker.kill()]);
    stack.callbacks.answerWell();
    const { pathname } = new URL(stack.database.url);
    await stack.database.drop();
    await old.stop();

    postgres = await startPostgres({ dataDir: join(folder, 'new') });
    temporal = await startTemporal({ dataDir: folder, headless: true });
    const restored = new URL(postgres.connectionString);
    restored.pathname = pathname;
    env = { ...stack.env, DATABASE_URL: restored.href, TEMPORAL_ADDRESS: temporal.address };
    await sql('update transactions set settled_at = now() where id = $1', [untold]);
    processes = await Promise.all([startProcess('api/main.ts', env), startProcess('worker/main.ts', env)]);
    // What happens here is what the command does.
    const client = createTemporalClient(loadApiConfig(env));
    await client.schedule.getHandle(reconciliationScheduleIdOf(env.TEMPORAL_TASK_QUEUE as string)).pause();
    await client.connection.close();
  }, 180_000);
  afterAll(async () => {
    await Promise.all(processes.map((child) => child.stop()));
    await stack?.temporal.connection.close();
    await stack?.callbacks.close();
    await stack?.fcm.stop();
    await temporal?.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function sql<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    const session = new pg.Client({ connectionString: env.DATABASE_URL });
    await session.connect();
    try {
      return (await session.query<Row>(text, values)).rows;
    } finally {
      await session.end();
    }
  }

  async function reconcile(...args: string[]): Promise<Record<string, unknown>> {
    const { stdout } = await run(process.execPath, ['worker/reconcile.ts', ...args], {
      env: { PATH: process.env.PATH, ...env },
    });
    const line = stdout.split('\n').find((text) => text.includes('"msg":"reconciled"'));
    return JSON.parse(line ?? '{}') as Record<string, unknown>;
  }

  const endOf = (transactionId: string) =>
    sql<{ name: string }>("select name from events where transaction_id = $1 and name = 'MOBILE_AUTH_EXPIRED'", [
      transactionId,
    ]);

  it('has what was settled, with its receipt, and enrolled phones go on', async () => {
    expect((await stack.portal.result(approved)).body).toMatchObject({ status: 'approved', is_authenticated: true });
    const receipts = await sql('select receipt from receipts where transaction_id = $1', [approved]);
    expect(receipts).toHaveLength(1);
    const next = await stack.begin(phone);
    expect(await phone.client.approve(await phone.client.fetchChallenge(next))).toEqual({ status: 'approved' });
  });

  it('leaves alone what may still be answered, and refuses answers that no workflow takes', async () => {
    const challenge = await phone.client.fetchChallenge(waiting);
    await expect(phone.client.approve(challenge)).rejects.toThrow();
    expect((await stack.portal.result(waiting)).body).toMatchObject({ status: 'pending' });
    expect(await reconcile()).toMatchObject({ expired: 0 });
    expect((await stack.portal.result(waiting)).body).toMatchObject({ status: 'pending' });
  });

  it('is reconciled once the deadline is over: expired once, by however many runs, and told to the portal', async () => {
    // As if the time had passed.
    await sql("update transactions set expires_at = now() - interval '3 minutes' where id = $1", [waiting]);
    await sql("update transactions set settled_at = now() - interval '3 minutes' where id = $1", [untold]);
    const before = stack.callbacks.received.filter(({ body }) => body.transaction_id === untold).length;
    expect(await reconcile('--dry-run')).toMatchObject({ expired: 1, calledBack: 1, dryRun: true });
    expect(await endOf(waiting)).toHaveLength(0);

    await Promise.all([reconcile(), reconcile(), reconcile()]);
    expect(await endOf(waiting)).toHaveLength(1);
    expect((await stack.portal.result(waiting)).body).toMatchObject({ status: 'expired', is_authenticated: false });
    expect(await sql('select 1 from receipts where transaction_id = $1', [waiting])).toHaveLength(1);
    await stack.callbacks.waitFor(waiting, 1);
    await stack.callbacks.waitFor(untold, before + 1);
    expect((await stack.portal.result(untold)).body).toMatchObject({ status: 'denied' });
  }, 180_000);

  it('needs no second run, and leaves transactions to workflows that run', async () => {
    const running = await stack.begin(phone);
    await sql("update transactions set expires_at = now() - interval '3 minutes' where id = $1", [running]);
    expect(await reconcile()).toMatchObject({ expired: 0, running: 1 });
    expect((await stack.portal.result(running)).body).toMatchObject({ status: 'pending' });
  });
});
