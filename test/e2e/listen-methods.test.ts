import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFileStore } from '../../sdk/file-store.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const PROGRAM = resolve(import.meta.dirname, '../../dev/phone.ts');
const [PIN, NEW_PIN, WRONG_PIN] = ['48151', '62342', '99913'];

describe('the virtual phone', () => {
  let stack: Stack;
  let folder: string;
  beforeAll(async () => {
    stack = await startStack();
    folder = await mkdtemp(join(tmpdir(), 'countersign-listen-'));
    await writeFile(join(folder, 'demo.json'), JSON.stringify({ api: stack.apiUrl, fcm: stack.fcm.url }));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await stack?.stop();
  });

  const enrol = async (userId: string): Promise<Phone & { readonly file: string }> => {
    const phone = await stack.enrolPhone(userId);
    await phone.client.setPin(PIN);
    const file = join(folder, `${userId}.json`);
    const state = await phone.store.load();
    if (!state) throw new Error('the phone has no state');
    await createFileStore(file).save(state);
    return { ...phone, file };
  };
  const run = async ({ file }: { readonly file: string }, ...args: string[]) => {
    const env = { ...process.env, COUNTERSIGN_DATA: folder };
    const { code, out } = await new Promise<{ code: number | null; out: string }>((done) => {
      const child = execFile(
        process.execPath,
        [PROGRAM, '--json', '--store', file, ...args],
        { env },
        (_error, stdout) => done({ code: child.exitCode, out: stdout }),
      );
    });
    const lines = out.trimEnd().split('\n');
    return { code, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  };
  const told = (events: readonly Record<string, unknown>[]) => events.map(({ event }) => event);

  it('answers by the receiver of each method, with the PIN where it is asked for', async () => {
    const phone = await enrol('listen-approve');
    const ids = [
      await stack.begin(phone, { type: 'push' }),
      await stack.begin(phone, { type: 'push-pin' }),
      await stack.begin(phone, { type: 'push-fingerprint' }),
    ];
    const { code, events } = await run(phone, 'listen', '--approve', '--pin', PIN, '--count', '3');
    expect(code).toBe(0);
    expect(told(events)).toEqual([
      ...['pending', 'challenge', 'approved'],
      ...['pending', 'challenge', 'approved'],
      ...['pending', 'challenge', 'pin_required', 'approved'],
    ]);
    expect(events.filter(({ event }) => event === 'approved').map(({ transactionId }) => transactionId)).toEqual(ids);
  }, 180_000);

  it('by itself tries a PIN once, and leaves open what it can not answer', async () => {
    const phone = await enrol('listen-wrong');
    const byPin = await stack.begin(phone, { type: 'push-pin' });
    const byNumber = await stack.begin(phone, { type: 'push-number' });
    const confirmed = await stack.begin(phone, { type: 'push' });
    const { events } = await run(phone, 'listen', '--approve', '--pin', WRONG_PIN, '--count', '1');
    expect(events).toMatchObject([
      { event: 'pending', transactionId: byPin },
      { event: 'challenge', transactionId: byPin },
      { event: 'pin_wrong', transactionId: byPin, attemptsLeft: 2 },
      { event: 'pending', transactionId: byNumber },
      { event: 'challenge', transactionId: byNumber },
      { event: 'pending', transactionId: confirmed },
      { event: 'challenge', transactionId: confirmed },
      { event: 'approved', transactionId: confirmed },
    ]);
    expect((await phone.client.pending()).map(({ transactionId }) => transactionId)).toEqual([byNumber, byPin]);
  }, 180_000);

  it('changes its PIN', async () => {
    const phone = await enrol('change-pin');
    const change = (old: string) => run(phone, 'change-pin', '--old', old, '--new', NEW_PIN);
    expect(await change(WRONG_PIN)).toEqual({ code: 1, events: [{ event: 'pin_wrong', attemptsLeft: 2 }] });
    expect(await change(PIN)).toEqual({ code: 0, events: [{ event: 'pin_changed' }] });
    const transactionId = await stack.begin(phone, { type: 'push-pin' });
    const { events } = await run(phone, 'approve', transactionId, '--pin', NEW_PIN);
    expect(events.at(-1)).toMatchObject({ event: 'approved', transactionId });
  }, 180_000);
});
