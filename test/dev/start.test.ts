import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoFile, NOTHING_RUNS, pathsIn, readDemoFile } from '../../dev/data-folder.ts';
import { logInToConsole } from '../support/console-operator.ts';
import { type Event, endEverything, type Ran, runCommand, startEverything, told } from './commands.ts';

const PIN = '48151';
const START_DEADLINE_MS = 180_000;

const folder = mkdtempSync(join(tmpdir(), 'countersign-start-'));
const env = { ...process.env, COUNTERSIGN_DATA: folder, npm_lifecycle_event: undefined };
let supervisor: ChildProcess | undefined;

/** Everything that it said, once it says that it is ready. */
async function start(): Promise<string> {
  const started = await startEverything(env);
  supervisor = started.supervisor;
  return started.said;
}

const demo = (): DemoFile => readDemoFile(folder) as DemoFile;
const pids = (): number[] => Object.values(demo().pids).filter((pid) => pid !== null);
const isAlive = (pid: number): boolean => {
  try {
    // One that has ended, and was not waited for, answers signals too.
    return !/^\d+ \(.*\) Z/.test(execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    return false;
  }
};

const phone = (...args: string[]) => runCommand(env, ['phone', ...args]);
const portal = (...args: string[]) => runCommand(env, ['portal', ...args]);

/** Asks and waits for the callback, while the phone does as `answer` says. */
async function ask(args: readonly string[], answer: (begun: Event) => Promise<Ran>) {
  let answered: Ran | undefined;
  const asked = await runCommand(env, ['portal', ...args], async (event) => {
    if (event.event === 'begun') answered = await answer(event);
  });
  return { asked, answered: answered as Ran, result: asked.events.find(({ event }) => event === 'result') };
}

let banner: string;
beforeAll(async () => {
  banner = await start();
}, START_DEADLINE_MS);
afterAll(async () => {
  await endEverything(supervisor);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('npm start', () => {
  it('says where everything is and what to try, and writes it down for this user alone', async () => {
    const { api, temporal, types } = demo();
    for (const address of [api, temporal.ui]) expect(banner).toContain(address as string);
    expect(banner.match(/^ .*npm run (phone|portal) -- /gm)).toHaveLength(3);
    expect((await fetch(`${api}/readyz`)).status).toBe(200);
    expect((await fetch(temporal.ui as string)).status).toBe(200);
    expect(statSync(pathsIn(folder).demo).mode & 0o777).toBe(0o600);
    expect([...types].sort()).toEqual([
      'otp',
      'push',
      'push-custom',
      'push-fingerprint',
      'push-number',
      'push-pin',
      'push-signing',
      'push-sms',
      'sms',
    ]);
  });
});

describe('the console', () => {
  it('lets the operator in who is written down, and knows the Temporal UI', async () => {
    const { api, operator, temporal } = demo();
    const page = await logInToConsole(api, operator);
    expect((await page.request('GET', '/console/api/session')).body).toMatchObject({
      ...{ operator: 'operator', scopes: ['onegini_api_admin'] },
      temporalUiUrl: `${temporal.ui}/namespaces/${temporal.namespace}`,
    });
    expect(banner).toContain(`${api}/console (log in as operator, password ${operator.password})`);
  });
});

describe('phone and portal on the command line', () => {
  beforeAll(async () => {
    expect(told(await phone('enrol', '--user', 'alice'))).toEqual([0, 'enrolled']);
    expect(await phone('set-pin', '--pin', PIN)).toMatchObject({ code: 0 });
    expect(await phone('register-biometric')).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'order.txt'), 'Pay 10 € to Bob\n');
  }, 60_000);

  it.each<[string, string[], (begun: Event) => string[], string]>([
    ['push', ['--secure-message', 'From Utrecht'], () => [], 'push'],
    ['push-pin', [], () => ['--pin', PIN], 'push_with_pin'],
    ['push-fingerprint', [], () => ['--biometric'], 'push_with_fingerprint'],
    ['push-custom', [], () => ['--custom', 'open sesame'], 'push_with_custom_authenticator'],
    ['push-number', [], ({ number }) => ['--number', String(number)], 'push_with_number'],
    ['push-signing', ['--signing-data', join(folder, 'order.txt')], () => [], 'push'],
    ['push-sms', ['--phone-number', '+31612345678'], () => [], 'push'],
  ])('ask by %s, approve, and tell the result', async (type, more, proof, method) => {
    const { asked, answered, result } = await ask(
      ['start', '--user', 'alice', '--type', type, '--message', 'Pay?', ...more],
      (begun) => phone('approve', String(begun.transaction_id), ...proof(begun)),
    );
    expect(told(answered)).toEqual([0, 'challenge', 'approved']);
    expect(told(asked)).toEqual([0, 'begun', 'callback', 'result']);
    expect(result).toMatchObject({ status: 'approved', authentication_method: method, user_id: 'alice' });
    expect(result?.signature_verified).toBe(type === 'push-signing' ? true : undefined);
  });

  it('tell a wrong PIN and a denial with its reason, each by its exit code', async () => {
    const bob = ['--store', join(folder, 'bob.json')];
    await phone('enrol', '--user', 'bob', ...bob);
    await phone('set-pin', '--pin', PIN, ...bob);
    let wrong: Ran | undefined;
    const { asked, answered, result } = await ask(['start', '--user', 'bob', '--type', 'push-pin'], async (begun) => {
      const id = String(begun.transaction_id);
      wrong = await phone('approve', id, '--pin', '99913', ...bob);
      return phone('deny', id, '--reason', 'not_me', ...bob);
    });
    expect(told(wrong as Ran)).toEqual([1, 'challenge', 'pin_wrong']);
    expect(told(answered)).toEqual([0, 'denied']);
    expect(told(asked)).toEqual([1, 'begun', 'callback', 'result']);
    expect(result).toMatchObject({ status: 'denied', not_authenticated_reason: { reason: 'not_accepted' } });
  });

  it('show a code that the phone reads, and save the receipt of it', async () => {
    const receipt = join(folder, 'receipt.json');
    const { asked, answered, result } = await ask(['otp', '--message', 'Log in?', '--receipt', receipt], (begun) =>
      phone('otp', String(begun.otp)),
    );
    expect(told(answered)).toEqual([0, 'challenge', 'approved']);
    expect(told(asked)).toEqual([0, 'begun', 'callback', 'result', 'receipt']);
    expect(result).toMatchObject({ status: 'approved', user_id: 'alice' });
    const verified = await runCommand(env, ['verify-receipt', receipt]);
    expect([verified.code, verified.events.at(-1)?.event]).toEqual([0, 'verified']);
  });

  it('send a code by SMS, again, and bring it back', async () => {
    const begun = await portal('start', '--user', 'alice', '--type', 'sms', '--phone-number', '+31612345679');
    expect(begun).toMatchObject({ code: 0, events: [{ event: 'begun', auth_method: 'sms' }] });
    const id = String(begun.events[0]?.transaction_id);
    expect(told(await portal('sms-resend', id))).toEqual([0, 'resent']);
    const sent = await phone('sms', '--to', '+31612345679');
    expect(told(sent)).toEqual([0, 'sms', 'sms']);
    const code = /\d{6}/.exec(String(sent.events[0]?.body))?.[0] as string;
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await portal('sms-verify', id, wrong)).toMatchObject({
      code: 1,
      events: [{ event: 'refused', code: '3003' }],
    });
    expect(told(await portal('sms-verify', id, code))).toEqual([0, 'authenticated']);
  });

  it('send a push again, cancel it, and refuse an answer to it afterwards', async () => {
    const begun = await portal('start', '--user', 'alice', '--type', 'push', '--no-wait');
    const id = String(begun.events[0]?.transaction_id);
    expect(told(await portal('resend', id))).toEqual([0, 'resent']);
    expect(told(await portal('cancel', id))).toEqual([0, 'cancelled']);
    expect(await portal('result', id)).toMatchObject({ code: 0, events: [{ event: 'result', status: 'cancelled' }] });
    expect(await phone('approve', id)).toMatchObject({
      code: 1,
      events: [{ event: 'refused', code: 'transaction_already_settled' }],
    });
  });
});

describe('npm start, ended in any way', () => {
  it(
    'goes on after kill -9: what waited still waits and is answered, and Ctrl-C leaves nothing running',
    async () => {
      const begun = await portal('start', '--user', 'alice', '--type', 'push', '--no-wait');
      const id = String(begun.events[0]?.transaction_id);
      const { api } = demo();
      const killed = pids();
      const ended = once(supervisor as ChildProcess, 'exit');
      // The supervisor first: it would start again what else is killed.
      for (const pid of killed) process.kill(pid, 'SIGKILL');
      await ended;

      await start();
      expect(demo().api).toBe(api);
      expect(pids().filter((pid) => killed.includes(pid))).toEqual([]);
      expect(await phone('pending')).toMatchObject({ code: 0, events: [{ event: 'pending', transactionId: id }] });
      expect(told(await phone('approve', id))).toEqual([0, 'challenge', 'approved']);
      expect((await portal('result', id)).events).toMatchObject([{ status: 'approved' }]);

      const running = pids();
      const stopped = once(supervisor as ChildProcess, 'exit');
      supervisor?.kill('SIGINT');
      await stopped;
      expect(supervisor?.exitCode).toBe(0);
      expect(running.filter(isAlive)).toEqual([]);
      expect(demo().pids).toEqual(NOTHING_RUNS);
    },
    START_DEADLINE_MS,
  );
});
