import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HISTORIES } from './encryption-key.ts';

const run = promisify(execFile);
const FOLDER = fileURLToPath(HISTORIES);
const NAMES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

interface HistoryEvent {
  readonly timerStartedEventAttributes?: object;
}

/** Transactions begun with earlier code still run: what they have behind them must come out the same. */
describe('a transaction that runs while the code changes', () => {
  let folder: string;
  let bundle: { modules: string[]; libraries: string[] };
  let errors: Map<string, string | null>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-replay-'));
    const strange = join(folder, 'strange.json');
    await writeFile(strange, JSON.stringify(withAnActivityForItsTimer()));
    const files = [...NAMES.map((name) => join(FOLDER, name)), strange];
    const { stdout } = await run(process.execPath, ['test/replay/replay-histories.ts', ...files]);
    // The SDK's core writes to standard output too, when a history does not replay.
    const [first, ...lines] = stdout.split('\n').filter((line) => line.startsWith('{'));
    bundle = JSON.parse(first as string);
    errors = new Map(
      lines.map((line) => JSON.parse(line)).map(({ file, error }) => [file.slice(file.lastIndexOf('/') + 1), error]),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(NAMES)('goes on from %s', (name) => {
    expect(errors.get(name)).toBeNull();
  });

  it('is told of every way it can go', () => {
    expect(NAMES.map((file) => file.replace('.json', ''))).toEqual(
      expect.arrayContaining([
        'answered-while-worker-was-down',
        'approved',
        'cancelled-by-operator',
        'cancelled-by-portal',
        'denied',
        'expired',
        'resent',
      ]),
    );
  });

  it('would be stopped if the code took another way: it does not go on from a history with an activity for its timer', () => {
    expect(errors.get('strange.json')).toBe('DeterminismViolationError');
  });

  it('carries nothing but workflow code in its bundle', () => {
    expect(bundle.modules).toEqual(['./runtime/failure-converter.cjs']);
    expect(bundle.libraries).toEqual(expect.arrayContaining(['node_modules/@temporalio/workflow']));
    for (const library of ['knex', 'pg', 'zod', 'openpgp', 'undici', 'express']) {
      expect(bundle.libraries).not.toContain(`node_modules/${library}`);
    }
  });
});

function withAnActivityForItsTimer(): object {
  const history = JSON.parse(readFileSync(join(FOLDER, 'approved.json'), 'utf8'));
  const activityTaskScheduledEventAttributes = {
    activityId: '3',
    activityType: { name: 'deliverCallback' },
    taskQueue: { name: 'q' },
  };
  const events = history.events.map((event: HistoryEvent) => {
    if (!event.timerStartedEventAttributes) return event;
    const { timerStartedEventAttributes: _timer, ...rest } = event;
    return { ...rest, eventType: 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', activityTaskScheduledEventAttributes };
  });
  return { ...history, events };
}
