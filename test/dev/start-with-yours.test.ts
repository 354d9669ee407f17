import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoFile, readDemoFile } from '../../dev/data-folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { endEverything, runCommand, startEverything, told } from './commands.ts';

const START_DEADLINE_MS = 180_000;
const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS as string;

const folder = mkdtempSync(join(tmpdir(), 'countersign-yours-'));
let database: TestDatabase;
let env: NodeJS.ProcessEnv;
let supervisor: ChildProcess | undefined;
let banner: string;

beforeAll(async () => {
  database = await createTestDatabase();
  env = {
    ...process.env,
    COUNTERSIGN_DATA: folder,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_TASK_QUEUE: randomUUID(),
    npm_lifecycle_event: undefined,
  };
  ({ supervisor, said: banner } = await startEverything(env));
}, START_DEADLINE_MS);
afterAll(async () => {
  await endEverything(supervisor);
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

it('npm start uses the PostgreSQL and the Temporal that it is given, and starts and ends none', async () => {
  expect(banner).toContain('is yours (DATABASE_URL)');
  expect(banner).toContain(`${temporalAddress} is yours (TEMPORAL_ADDRESS)`);
  const demo = readDemoFile(folder) as DemoFile;
  expect(demo.pids).toMatchObject({ postgres: null, temporal: null });
  expect(demo).toMatchObject({ database: database.url, temporal: { address: temporalAddress, ui: null } });

  expect(told(await runCommand(env, ['phone', 'enrol', '--user', 'alice']))).toEqual([0, 'enrolled']);
  const ask = ['portal', 'start', '--user', 'alice', '--type', 'push'] as const;
  const asked = await runCommand(env, [...ask], async ({ event, transaction_id: id }) => {
    if (event === 'begun') await runCommand(env, ['phone', 'approve', String(id)]);
  });
  expect(told(asked)).toEqual([0, 'begun', 'callback', 'result']);

  await endEverything(supervisor);
  expect(supervisor?.exitCode).toBe(0);
  expect(await database.knex('transactions').pluck('status')).toEqual(['approved']);
});
