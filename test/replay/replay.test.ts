import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { parseKeyring } from '../../runtime/keyring.ts';
import { dataConverterFor } from '../../runtime/temporal.ts';
import { HISTORIES, REPLAY_ENCRYPTION_KEYS } from './encryption-key.ts';

const dataConverter = dataConverterFor({ ENCRYPTION_KEYS: parseKeyring(REPLAY_ENCRYPTION_KEYS) });
const files = readdirSync(HISTORIES).filter((file) => file.endsWith('.json'));

/** Transactions begun with earlier code still run: what they have behind them must come out the same. */
describe('a transaction that runs while the code changes', () => {
  let workflowBundle: WorkflowBundleWithSourceMap;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
      ...(dataConverter.failureConverterPath && { failureConverterPath: dataConverter.failureConverterPath }),
      logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    });
  });

  const replay = (history: unknown) =>
    Worker.runReplayHistory({ workflowBundle, dataConverter, replayName: 'replay' }, history);
  const read = (file: string) => JSON.parse(readFileSync(new URL(file, HISTORIES), 'utf8'));

  it.each(files)('goes on from %s', async (file) => {
    await expect(replay(read(file))).resolves.toBeUndefined();
  });

  it('is told of every way it can go', () => {
    expect(files.map((file) => file.replace('.json', ''))).toEqual(
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

  it('would be stopped if the code took another way: it does not go on from a history that has an activity for the timer', async () => {
    const history = read('approved.json');
    const events = history.events.map((event: { timerStartedEventAttributes?: object }) => {
      if (!event.timerStartedEventAttributes) return event;
      const { timerStartedEventAttributes: _timer, ...rest } = event;
      const attributes = { activityId: '3', activityType: { name: 'deliverCallback' }, taskQueue: { name: 'q' } };
      return {
        ...rest,
        eventType: 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED',
        activityTaskScheduledEventAttributes: attributes,
      };
    });
    await expect(replay({ ...history, events })).rejects.toThrow(DeterminismViolationError);
  });

  it('carries nothing but workflow code in its bundle', () => {
    const modules = workflowBundle.code.match(/\.\/(activities|api|db|runtime|worker)\/[\w-]+\.(ts|cjs)/g) ?? [];
    expect([...new Set(modules)]).toEqual(['./runtime/failure-converter.cjs']);
    expect(workflowBundle.code).not.toMatch(/node_modules\/(knex|pg|zod|openpgp|undici)\//);
  });
});
