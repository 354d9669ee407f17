import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { StartError } from '../../dev/start-error.ts';
import { readCount, readRates, splitCommandLine } from '../read-values.ts';
import type { Demands, Layout } from './model.ts';

export const USAGE = `Usage: npm run size -- --findings FILE [OPTIONS]
       npm run size -- --demands NAME=MS,... --idle-ms MS --rates LIST [OPTIONS]
  --findings FILE    what "npm run bench -- --open-loop --json FILE" wrote: what a transaction needs, and what to compare with
  --demands LIST     processor time of one transaction by component, for instance api=9,worker=20,Temporal=29,PostgreSQL=5
  --idle-ms MS       how long one takes when it is alone
  --rates LIST       transactions per second; those of the findings when nothing is said
  --shared N         everything on one machine of N processors, as the bench has it
  --ours N           how many of them were ours, where others use the machine; all when nothing is said
  --processors LIST  or each component on its own, for instance api=1,worker=2,Temporal=2,PostgreSQL=1
  --seconds N        how long transactions arrive; 300 by default
  --seed N           of the simulation; 1 by default
  --per-month N      also the price of Temporal Cloud for so many transactions
  --actions N        Temporal Cloud actions of one; those of the findings, or 6
  --history-bytes N  of one; those of the findings, or 7000
  --open-seconds N   how long one is open on average; 30 by default
  --retention-days N of closed workflows; 3 by default`;

/** What was measured at one rate. */
export interface Measured {
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly processorMs: Readonly<Record<string, number>>;
  readonly othersBusy: number;
}

export interface SizeOptions {
  readonly demands: Demands;
  readonly layout: Layout;
  readonly rates: readonly number[];
  readonly arrivals: 'even' | 'random';
  readonly seconds: number;
  readonly seed: number;
  readonly measured: readonly Measured[];
  readonly cloud?: {
    readonly perMonth: number;
    readonly actions: number;
    readonly historyBytes: number;
    readonly openSeconds: number;
    readonly retentionDays: number;
  };
}

const text = { type: 'string' } as const;
const OPTIONS = {
  ...{ findings: text, demands: text, 'idle-ms': text, rates: text, shared: text, ours: text, processors: text },
  ...{ seconds: text, seed: text, 'per-month': text, actions: text, 'history-bytes': text },
  ...{ 'open-seconds': text, 'retention-days': text },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof splitCommandLine<typeof OPTIONS>>;

const findingsSchema = z.object({
  options: z.object({ mode: z.literal('open-loop'), arrivals: z.enum(['even', 'random']) }),
  measurements: z
    .array(
      z.object({
        rate: z.number().positive(),
        all: z.object({ total: z.object({ p50: z.number(), p95: z.number() }) }),
        processorMs: z.record(z.string(), z.number()),
        othersBusy: z.number().default(0),
        history: z.object({ cloudActions: z.number(), bytes: z.number() }),
      }),
    )
    .min(1),
});

type OpenLoopFile = z.infer<typeof findingsSchema>;

/** Reads the command line and the file it names; undefined when help is asked for. Throws a {@link StartError}. */
export function readSizeOptions(args: readonly string[]): SizeOptions | undefined {
  const values = splitCommandLine(args, OPTIONS);
  if (values.help) return undefined;
  const findings = values.findings === undefined ? undefined : readFindings(values.findings);
  const measured = findings ? measuredIn(findings) : [];
  if (values.rates === undefined && measured.length === 0) throw new StartError('--rates is missing.');
  return {
    demands: demandsFrom(values, measured),
    layout: layoutFrom(values),
    rates: values.rates === undefined ? measured.map(({ rate }) => rate) : readRates(values.rates, '--rates'),
    arrivals: findings?.options.arrivals ?? 'random',
    seconds: readCount('--seconds', values.seconds ?? '300', 3_600),
    seed: readCount('--seed', values.seed ?? '1', 2 ** 32 - 1),
    measured,
    ...(values['per-month'] !== undefined && { cloud: cloudFrom(values, values['per-month'], findings) }),
  };
}

function readFindings(file: string): OpenLoopFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new StartError(`--findings: the file can not be read: ${(cause as Error).message}`, { cause });
  }
  const parsed = findingsSchema.safeParse(content);
  if (!parsed.success) throw new StartError('--findings: the file is not what the bench writes for --open-loop.');
  return parsed.data;
}

function measuredIn({ measurements }: OpenLoopFile): Measured[] {
  return measurements
    .map(({ rate, all, processorMs, othersBusy }) => ({ rate, ...all.total, processorMs, othersBusy }))
    .sort((a, b) => a.rate - b.rate);
}

/** Alone is what the lowest rate is nearest to; processor time is told best by the highest, which has the least idling in it. */
function demandsFrom(values: Values, measured: readonly Measured[]): Demands {
  const [lowest, highest] = [measured[0], measured.at(-1)];
  if (values.demands === undefined && !highest) throw new StartError('--findings or --demands is missing.');
  const processorMs = values.demands === undefined ? highest?.processorMs : readPairs('--demands', values.demands);
  const idleMs = values['idle-ms'] === undefined ? lowest?.p50 : readRates(values['idle-ms'], '--idle-ms')[0];
  if (idleMs === undefined) throw new StartError('--idle-ms is missing.');
  return { processorMs: processorMs ?? {}, idleMs };
}

function layoutFrom({ shared, ours, processors }: Values): Layout {
  if ((shared === undefined) === (processors === undefined)) {
    throw new StartError('One of --shared and --processors must tell where the components run.');
  }
  if (shared !== undefined) {
    const count = readCount('--shared', shared, 256);
    const [own] = ours === undefined ? [count] : readRates(ours, '--ours');
    if (own === undefined || own > count) throw new StartError('--ours is one number, no larger than --shared.');
    return { kind: 'shared', processors: count, ...(ours !== undefined && { ours: own }) };
  }
  if (ours !== undefined) throw new StartError('--ours has a meaning with --shared alone.');
  const counts = readPairs('--processors', processors as string);
  for (const count of Object.values(counts)) readCount('--processors', String(count), 256);
  return { kind: 'apart', processors: counts };
}

function readPairs(option: string, list: string): Record<string, number> {
  return Object.fromEntries(
    list.split(',').map((pair) => {
      const [, name, number] = /^\s*([A-Za-z-]+)=(\d+(?:\.\d+)?)\s*$/.exec(pair) ?? [];
      if (name === undefined) throw new StartError(`${option}: "${pair}" is not NAME=NUMBER.`);
      return [name, Number(number)];
    }),
  );
}

function cloudFrom(
  values: Values,
  perMonth: string,
  findings: OpenLoopFile | undefined,
): NonNullable<SizeOptions['cloud']> {
  const history = findings?.measurements.at(-1)?.history;
  const read = (option: keyof Values & string, usual: number, max: number): number =>
    readCount(`--${option}`, String(values[option] ?? usual), max);
  return {
    perMonth: readCount('--per-month', perMonth, 1e9),
    actions: read('actions', history?.cloudActions ?? 6, 1_000),
    historyBytes: read('history-bytes', history?.bytes ?? 7_000, 50e6),
    openSeconds: read('open-seconds', 30, 600),
    retentionDays: read('retention-days', 3, 90),
  };
}
