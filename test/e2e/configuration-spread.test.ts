import { randomBytes } from 'node:crypto';
import { claimPort } from '../../dev/free-port.ts';
import { waitUntil } from '../../dev/wait-until.ts';
import { type Administrator, administratorOf } from '../support/administration.ts';
import { startProcess, type TestProcess } from '../support/child.ts';
import { createPortal, type Portal } from '../support/portal.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let admin: Administrator;
let other: TestProcess;
let otherUrl: string;
let portalOfOther: Portal;

beforeAll(async () => {
  const encryptionKeys = `k1:${randomBytes(32).toString('base64')}`;
  stack = await startStack({ encryptionKeys });
  admin = administratorOf(stack);
  const claim = await claimPort();
  otherUrl = `http://127.0.0.1:${claim.port}`;
  other = await startProcess('api/main.ts', {
    DATABASE_URL: stack.database.url,
    TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS as string,
    TEMPORAL_TASK_QUEUE: 'nobody-listens',
    ENCRYPTION_KEYS: encryptionKeys,
    PUBLIC_URL: otherUrl,
    API_PORT: String(claim.port),
  });
  await claim.release();
  portalOfOther = createPortal(otherUrl, stack.portal.credentials);
});

afterAll(async () => {
  await other.stop();
  await stack.stop();
});

/** Resolves when the other process says so; a test that never comes to an end is a change that was not noticed. */
const isNoticed = (isOn: boolean): Promise<void> =>
  waitUntil(async () => ((await portalOfOther.available('alice')).status === 404) === !isOn, {
    what: 'the other process, to notice the change,',
    withinMs: 20_000,
    pollMs: 10,
  });

/** Ends what listens for changes in this database; how many there were. */
async function loseListeners(): Promise<number> {
  const { rows } = await stack.database.knex.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'countersign-configuration' and datname = current_database()`,
  );
  return rows.length;
}

it('a change made by one process is noticed by another, also when its listening connection was just lost', async () => {
  for (const isOn of [false, true]) {
    await admin.merge('/features', { mobileAuthentication: isOn });
    await isNoticed(isOn);
  }
  for (const isOn of [false, true]) {
    // Two api processes and a worker.
    await waitUntil(async () => (await loseListeners()) === 3, { what: 'three listeners', withinMs: 20_000 });
    await admin.merge('/features', { mobileAuthentication: isOn });
    await isNoticed(isOn);
  }
});

it('a client that was deleted here is a stranger there', async () => {
  const created = await admin.create('/api-clients', {
    id: 'gone',
    name: 'Gone',
    scopes: ['onegini_api_mobile_authentication'],
  });
  const gone = createPortal(otherUrl, { id: 'gone', secret: created.body.secret });
  expect(await gone.available('alice')).toMatchObject({ status: 200 });
  await admin.remove('/api-clients/gone');
  await waitUntil(async () => (await gone.available('alice')).status === 401, {
    what: 'the other process, to forget the client,',
    withinMs: 20_000,
    pollMs: 10,
  });
});
