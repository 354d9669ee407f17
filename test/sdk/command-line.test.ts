import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFileStore } from '../../sdk/file-store.ts';
import { type DeviceServer, startDeviceServer } from './device-server.ts';
import { enrolPhone } from './phone.ts';

const ROOT = resolve(import.meta.dirname, '../..');

let folder: string;
let server: DeviceServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-command-'));
  server = await startDeviceServer();
  await enrolPhone(server, { store: createFileStore(join(folder, 'phone.json')) });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Runs a command with an empty data folder. */
function run(program: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, COUNTERSIGN_DATA: folder };
  return new Promise((done) => {
    const child = execFile(process.execPath, [join(ROOT, program), ...args], { env }, (_error, out, err) => {
      done({ code: child.exitCode ?? -1, out, err });
    });
  });
}

async function runPhone(...args: string[]) {
  const { code, out, err } = await run('dev/phone.ts', '--json', '--server', server.url, ...args);
  expect(err).toBe('');
  return {
    code,
    events: out
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

it('lists, approves and denies, one JSON object a line', async () => {
  const [first, second] = [server.begin(), server.begin()];
  const listed = await runPhone('pending');
  expect(listed.events.map(({ event, transactionId }) => [event, transactionId])).toEqual([
    ['pending', second.id],
    ['pending', first.id],
  ]);
  const approved = await runPhone('approve', first.id);
  expect(approved.code).toBe(0);
  expect(approved.events).toMatchObject([
    { event: 'challenge', message: 'Pay 10 € to Bob?' },
    { event: 'approved', transactionId: first.id },
  ]);
  const denied = await runPhone('deny', second.id, '--reason', 'not_me');
  expect(denied).toMatchObject({ code: 0, events: [{ event: 'denied', transactionId: second.id }] });
  const late = await runPhone('deny', first.id);
  expect(late).toMatchObject({
    code: 1,
    events: [{ event: 'refused', code: 'transaction_already_settled', status: 409, number: 10013 }],
  });
});

it('tells for whom the phone answers', async () => {
  const { code, events } = await runPhone('whoami');
  expect(code).toBe(0);
  expect(events).toMatchObject([{ event: 'whoami', userId: 'alice', server: server.url }]);
  const other = await runPhone('whoami', '--store', join(folder, 'other.json'));
  expect(other).toMatchObject({ code: 1, events: [{ event: 'error', code: 'not_enrolled', number: 9021 }] });
});

it.each([
  ['dev/phone.ts', ['bogus'], 2, 'There is no command "bogus".'],
  ['dev/phone.ts', ['whoami', '--user', 'alice'], 2, '"whoami" takes no --user.'],
  ['dev/phone.ts', ['approve'], 2, '"approve" needs ID.'],
  ['dev/phone.ts', ['deny', 'x', '--reason', 'bored'], 2, '--reason is one of not_me, cancelled.'],
  ['dev/phone.ts', ['pending'], 1, '`npm start`'],
  ['dev/portal.ts', ['start', '--user', 'alice'], 2, '--type is missing.'],
  ['dev/portal.ts', ['start', '--user', 'alice', '--type', 'push', '--callback-port', '0'], 2, '--callback-port'],
  ['dev/portal.ts', ['result', 'x'], 1, '`npm start`'],
])('%s %j: exit code %i', async (program, args, code, message) => {
  const people = await run(program, ...args);
  expect(people).toMatchObject({ code, out: '' });
  expect(people.err).toContain(message);
  const machines = await run(program, '--json', ...args);
  expect(machines).toMatchObject({ code, err: '' });
  expect(JSON.parse(machines.out)).toMatchObject({ event: 'error', message: expect.stringContaining(message) });
});
