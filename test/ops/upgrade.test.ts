import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { migrationSource } from '../../db/migrations/index.ts';
import { startProcess } from '../support/child.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const run = promisify(execFile);
const OLD = '0004-methods';

describe('an installation that is upgraded from the schema of 0004', () => {
  let stack: Stack;
  let phone: Phone;
  let approved: string;
  let denied: string;
  let waiting: string;

  /** Takes the schema back, one step after the other. */
  async function goBack(): Promise<void> {
    const { knex } = stack.database;
    for (;;) {
      const [newest] = await knex('knex_migrations').orderBy('id', 'desc').limit(1).pluck('name');
      if (newest === OLD) return;
      await knex.migrate.down({ migrationSource });
    }
  }

  const tables = async (): Promise<string[]> => {
    const { rows } = await stack.database.knex.raw(
      "select table_name from information_schema.tables where table_schema = 'public'",
    );
    return rows.map(({ table_name: name }: { table_name: string }) => name);
  };

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
    approved = await stack.begin(phone, { type: 'push' });
    await phone.client.approve(await phone.client.fetchChallenge(approved));
    await stack.callbacks.waitFor(approved);
    denied = await stack.begin(phone);
    await phone.client.deny(await phone.client.fetchChallenge(denied));
    await stack.callbacks.waitFor(denied);
    waiting = await stack.begin(phone);
    await Promise.all([stack.api.stop(), stack.worker.stop()]);
    await goBack();
  }, 180_000);
  afterAll(() => stack?.stop());

  it('keeps its data through `migrate`, and goes on', async () => {
    expect(await tables()).toEqual(expect.not.arrayContaining(['sms_sends', 'callback_addresses']));
    const { knex } = stack.database;
    const countAll = async () => ({
      transactions: await knex('transactions').count().first(),
      enrolments: await knex('enrolments').count().first(),
      evidence: await knex('evidence').count().first(),
      receipts: await knex('receipts').count().first(),
      events: await knex('events').count().first(),
    });
    const before = await countAll();

    const { stdout } = await run(process.execPath, ['db/migrate.ts'], {
      env: { PATH: process.env.PATH, DATABASE_URL: stack.database.url },
    });
    expect(stdout).toContain('0005-otp');
    expect(await tables()).toEqual(expect.arrayContaining(['sms_sends', 'callback_addresses']));
    expect(await countAll()).toEqual(before);

    const api = await startProcess('api/main.ts', stack.env);
    await stack.startWorker();
    try {
      // What was settled before is what it was.
      expect((await stack.portal.result(approved)).body).toMatchObject({ status: 'approved', is_authenticated: true });
      expect((await stack.portal.result(denied)).body).toMatchObject({
        status: 'denied',
        not_authenticated_reason: { reason: 'not_accepted' },
      });
      // What waited is answered by the phone that was enrolled before.
      expect(await phone.client.approve(await phone.client.fetchChallenge(waiting))).toEqual({ status: 'approved' });
      await stack.callbacks.waitFor(waiting);
      // Phones enrolled before are asked anew, and new ones enrol.
      const next = await stack.begin(phone);
      expect(await phone.client.approve(await phone.client.fetchChallenge(next))).toEqual({ status: 'approved' });
      const bob = await stack.enrolPhone('bob');
      const ofBob = await stack.begin(bob);
      expect(await bob.client.deny(await bob.client.fetchChallenge(ofBob))).toEqual({ status: 'denied' });
      await stack.callbacks.waitFor(ofBob);
      expect((await stack.portal.result(ofBob)).body).toMatchObject({ status: 'denied' });
    } finally {
      await api.stop();
    }
  }, 180_000);
});
