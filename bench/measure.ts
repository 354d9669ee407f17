import { performance } from 'node:perf_hooks';
import { type BareRun, runBare } from './bare/run-bare.ts';
import { runClosedLoop } from './closed-loop.ts';
import { type HistoryCost, readHistoryCost } from './history-cost.ts';
import { readMeters, type Usage, usageBetween } from './meters.ts';
import type { Stage } from './set-stage.ts';
import type { Phone } from './whole/enrol-phone.ts';
import type { MethodName } from './whole/methods.ts';
import { runWhole, type WholeRun } from './whole/run-whole.ts';

const WARM_UP_MS = 2_000;
const HISTORIES_READ = 5;

export interface MeasureOptions {
  readonly concurrency: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

export interface Measurement<Run> extends Usage {
  readonly concurrency: number;
  readonly measuredMs: number;
  readonly runs: readonly Run[];
  readonly perSecond: number;
  /** Of some of the runs. */
  readonly histories: readonly HistoryCost[];
}

export async function measureBare(stage: Stage, options: MeasureOptions): Promise<Measurement<BareRun>> {
  const { client, taskQueue } = stage.bare;
  const measured = await measure(stage, options, 'bare workflow', () => runBare(client, taskQueue));
  return { ...measured, histories: await readHistories(client, measured.runs) };
}

export async function measureWhole(
  stage: Stage,
  options: MeasureOptions,
  method: MethodName = 'push',
): Promise<Measurement<WholeRun>> {
  const { phones, client } = stage.whole;
  const measured = await measure(stage, options, `whole transaction by ${method}`, (slot) =>
    runWhole(stage.whole, phones[slot] as Phone, method),
  );
  return { ...measured, histories: await readHistories(client, measured.runs) };
}

async function measure<Run>(
  stage: Stage,
  { concurrency, seconds, signal }: MeasureOptions,
  what: string,
  runOnce: (slot: number) => Promise<Run>,
): Promise<Omit<Measurement<Run>, 'histories'>> {
  const { outcomes, measuredMs, before, after } = await runClosedLoop({
    concurrency,
    warmUpMs: WARM_UP_MS,
    measureMs: seconds * 1_000,
    async runOnce(slot) {
      const startedAtMs = performance.now();
      try {
        return await runOnce(slot);
      } catch (cause) {
        const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
        throw new Error(`a ${what} failed at K=${concurrency}, ${seconds} s after its begin`, { cause });
      }
    },
    readMeters: () => readMeters(stage.pids),
    signal,
  });
  if (outcomes.length === 0) throw new Error(`nothing ended within ${seconds} s; give it longer (--seconds)`);
  return {
    concurrency,
    measuredMs,
    runs: outcomes,
    perSecond: outcomes.length / (measuredMs / 1_000),
    ...usageBetween(before, after, measuredMs, outcomes.length),
  };
}

/** Of some of these runs, spread over all of them. */
export async function readHistories(
  client: Stage['bare']['client'],
  runs: readonly { readonly workflowId: string }[],
): Promise<readonly HistoryCost[]> {
  const step = Math.max(1, Math.floor(runs.length / HISTORIES_READ));
  const chosen = runs.filter((_, index) => index % step === 0).slice(0, HISTORIES_READ);
  return Promise.all(chosen.map(({ workflowId }) => readHistoryCost(client, workflowId)));
}
