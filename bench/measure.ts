import { performance } from 'node:perf_hooks';
import { type BareRun, runBare } from './bare/run-bare.ts';
import { runClosedLoop } from './closed-loop.ts';
import { type HistoryCost, readHistoryCost } from './history-cost.ts';
import { readProcessorTimes } from './processor-time.ts';
import type { Stage } from './set-stage.ts';
import type { Phone } from './whole/enrol-phone.ts';
import { runWhole, type WholeRun } from './whole/run-whole.ts';

const WARM_UP_MS = 2_000;
const HISTORIES_READ = 5;

export interface MeasureOptions {
  readonly concurrency: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

export interface Measurement<Run> {
  readonly concurrency: number;
  readonly measuredMs: number;
  readonly runs: readonly Run[];
  readonly perSecond: number;
  /** Share of one processor that the driver used; near 1 it may itself be what is measured. */
  readonly driverBusy: number;
  /** Processor time, in ms, for one run, by process; those that had no part in it are idle here. */
  readonly processorMs: Readonly<Record<string, number>>;
  /** Of some of the runs. */
  readonly histories: readonly HistoryCost[];
}

export async function measureBare(stage: Stage, options: MeasureOptions): Promise<Measurement<BareRun>> {
  const { client, taskQueue } = stage.bare;
  const measured = await measure(stage, options, 'bare workflow', () => runBare(client, taskQueue));
  return { ...measured, histories: await readHistories(client, measured.runs) };
}

export async function measureWhole(stage: Stage, options: MeasureOptions): Promise<Measurement<WholeRun>> {
  const { phones, client } = stage.whole;
  const measured = await measure(stage, options, 'whole transaction', (slot) =>
    runWhole(stage.whole, phones[slot] as Phone),
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
  const usedMs = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  return {
    concurrency,
    measuredMs,
    runs: outcomes,
    perSecond: outcomes.length / (measuredMs / 1_000),
    driverBusy: usedMs('driver') / measuredMs,
    processorMs: Object.fromEntries(Object.keys(after).map((name) => [name, usedMs(name) / outcomes.length])),
  };
}

/** Processor time used so far, in ms, by process. */
async function readMeters(pids: Readonly<Record<string, number>>): Promise<Readonly<Record<string, number>>> {
  const { user, system } = process.cpuUsage();
  return { ...(await readProcessorTimes(pids)), driver: (user + system) / 1_000 };
}

async function readHistories(
  client: Stage['bare']['client'],
  runs: readonly { readonly workflowId: string }[],
): Promise<readonly HistoryCost[]> {
  const step = Math.max(1, Math.floor(runs.length / HISTORIES_READ));
  const chosen = runs.filter((_, index) => index % step === 0).slice(0, HISTORIES_READ);
  return Promise.all(chosen.map(({ workflowId }) => readHistoryCost(client, workflowId)));
}
