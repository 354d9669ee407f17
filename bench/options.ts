import { StartError } from '../dev/start-error.ts';
import {
  readCount,
  readDatabaseUrl,
  readFlags,
  readMethods,
  readNumbers,
  readRates,
  splitCommandLine,
} from './read-values.ts';
import { METHODS, type MethodName } from './whole/methods.ts';

const MAX_CONCURRENCY = 128;
const MAX_SECONDS = 600;
const MAX_PHONES = 1_000;
const MAX_WAITING = 20_000;
const MAX_ROWS = 5_000_000;
/** Of those that wait, how many are answered afterwards when nothing is said. */
const DEFAULT_SAMPLE = 200;

/** Where it runs, with which flags, and where the numbers go. */
export interface CommonOptions {
  /** File that gets all numbers. */
  readonly json?: string;
  /** `host:port` of a Temporal service to measure on; an embedded one without it. */
  readonly temporalAddress?: string;
  /** Connection string of a PostgreSQL server to measure on; an embedded one without it. */
  readonly databaseUrl?: string;
  /** For Node, in place of those that the process is started with otherwise. */
  readonly apiFlags?: readonly string[];
  readonly workerFlags?: readonly string[];
}

/** Transactions and bare workflows, so many at once, one number after the other. */
export interface ClosedOptions extends CommonOptions {
  readonly mode: 'closed-loop';
  /** Ascending, no number twice. */
  readonly concurrencies: readonly number[];
  /** Of each measurement, without its warm-up. */
  readonly seconds: number;
}

/** Each method by itself, so many transactions at once. */
export interface MethodsOptions extends CommonOptions {
  readonly mode: 'methods';
  readonly methods: readonly MethodName[];
  readonly concurrency: number;
  readonly seconds: number;
}

/** Transactions that arrive whether or not the earlier ones are done. */
export interface OpenOptions extends CommonOptions {
  readonly mode: 'open-loop';
  /** Transactions per second, one rate after the other. */
  readonly rates: readonly number[];
  readonly seconds: number;
  /** In turn. */
  readonly methods: readonly MethodName[];
  readonly arrivals: 'even' | 'random';
  readonly seed: number;
  /** As many transactions are under way at most; those after them wait, which counts. By the rates when nothing is said. */
  readonly phones?: number;
}

/** What transactions cost that only wait. */
export interface WaitingOptions extends CommonOptions {
  readonly mode: 'waiting';
  readonly waiting: number;
  /** How many of them are answered afterwards. */
  readonly sample: number;
}

/** Latency by how much the tables hold. */
export interface GrowthOptions extends CommonOptions {
  readonly mode: 'growth';
  /** Settled transactions, ascending. */
  readonly sizes: readonly number[];
  readonly concurrency: number;
  readonly seconds: number;
}

export type BenchOptions = ClosedOptions | MethodsOptions | OpenOptions | WaitingOptions | GrowthOptions;

export const USAGE = `Usage: npm run bench -- [MODE] [OPTIONS]
without a mode         so many transactions at once, beside bare workflows
  --concurrency LIST   for instance 1,8,16,32 (the default); at most ${MAX_CONCURRENCY}
--methods LIST         each method by itself; "all", or of ${METHODS.map(({ name }) => name).join(', ')}
  --concurrency N      transactions at once; 16 by default
--open-loop            transactions that arrive at a fixed rate; latency counts from when they were to begin
  --rate LIST          arrivals per second, one rate after the other; 10 by default
  --arrivals KIND      even (the default), or random: as many on average, at random moments
  --methods LIST       which ones, in turn; push by default
  --seed N             of random arrivals; 1 by default
  --phones N           as many transactions are under way at most; later ones wait for a phone, which counts
--waiting N            N transactions that nobody answers: the memory they take; then some are answered
  --sample N           how many; ${DEFAULT_SAMPLE} by default
--growth               latency with ever more settled transactions in the tables
  --sizes LIST         how many; 1000,10000,100000 by default
  --concurrency N      transactions at once; 8 by default
Options of every mode
  --seconds N          length of each measurement, after its warm-up; 8 by default, with --open-loop 30
  --json FILE          write all numbers there
  --address HOST:PORT  a Temporal service to run on; TEMPORAL_NAMESPACE, TEMPORAL_TLS, ... are read from the environment
  --database URL       a PostgreSQL server to run on; a database of its own is made there, and dropped afterwards
  --api-flags=FLAGS    for Node, in place of the usual ones, for instance "--max-semi-space-size=16"
  --worker-flags=FLAGS the same for the worker`;

const OPTIONS = {
  concurrency: { type: 'string' },
  methods: { type: 'string' },
  'open-loop': { type: 'boolean', default: false },
  rate: { type: 'string' },
  arrivals: { type: 'string' },
  seed: { type: 'string' },
  phones: { type: 'string' },
  waiting: { type: 'string' },
  sample: { type: 'string' },
  growth: { type: 'boolean', default: false },
  sizes: { type: 'string' },
  seconds: { type: 'string' },
  json: { type: 'string' },
  address: { type: 'string' },
  database: { type: 'string' },
  'api-flags': { type: 'string' },
  'worker-flags': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Which options belong to which mode, beside those of every mode. */
const OF_MODE = {
  'closed-loop': ['concurrency', 'seconds'],
  methods: ['methods', 'concurrency', 'seconds'],
  'open-loop': ['open-loop', 'rate', 'arrivals', 'seed', 'phones', 'methods', 'seconds'],
  waiting: ['waiting', 'sample'],
  growth: ['growth', 'sizes', 'concurrency', 'seconds'],
} as const satisfies Record<BenchOptions['mode'], readonly (keyof typeof OPTIONS)[]>;

type Values = ReturnType<typeof splitCommandLine<typeof OPTIONS>>;

/** Reads the command line; undefined when it asks for help. Throws a {@link StartError} that names the option at fault. */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const values = splitCommandLine(args, OPTIONS);
  if (values.help) return undefined;
  const mode = modeOf(values);
  refuseForeign(values, mode);
  const common = readCommon(values);
  switch (mode) {
    case 'closed-loop':
      return {
        mode,
        concurrencies: readNumbers('--concurrency', values.concurrency ?? '1,8,16,32', MAX_CONCURRENCY),
        seconds: secondsOf(values, 8),
        ...common,
      };
    case 'methods':
      return {
        mode,
        methods: readMethods(values.methods as string),
        concurrency: readCount('--concurrency', values.concurrency ?? '16', MAX_CONCURRENCY),
        seconds: secondsOf(values, 8),
        ...common,
      };
    case 'open-loop':
      return {
        mode,
        rates: readRates(values.rate ?? '10'),
        seconds: secondsOf(values, 30),
        methods: readMethods(values.methods ?? 'push'),
        arrivals: arrivalsOf(values.arrivals ?? 'even'),
        seed: readCount('--seed', values.seed ?? '1', 2 ** 32 - 1),
        ...(values.phones !== undefined && { phones: readCount('--phones', values.phones, MAX_PHONES) }),
        ...common,
      };
    case 'waiting': {
      const waiting = readCount('--waiting', values.waiting as string, MAX_WAITING);
      const sample = readCount('--sample', values.sample ?? String(Math.min(DEFAULT_SAMPLE, waiting)), waiting);
      return { mode, waiting, sample, ...common };
    }
    case 'growth':
      return {
        mode,
        sizes: readNumbers('--sizes', values.sizes ?? '1000,10000,100000', MAX_ROWS),
        concurrency: readCount('--concurrency', values.concurrency ?? '8', MAX_CONCURRENCY),
        seconds: secondsOf(values, 8),
        ...common,
      };
  }
}

function modeOf(values: Values): BenchOptions['mode'] {
  const asked: BenchOptions['mode'][] = [];
  if (values['open-loop']) asked.push('open-loop');
  if (values.waiting !== undefined) asked.push('waiting');
  if (values.growth) asked.push('growth');
  if (asked.length > 1) throw new StartError(`Only one of ${asked.map((mode) => `--${mode}`).join(', ')} at a time.`);
  return asked[0] ?? (values.methods === undefined ? 'closed-loop' : 'methods');
}

/** An option that would change nothing was meant otherwise. */
function refuseForeign(values: Values, mode: BenchOptions['mode']): void {
  const modal = new Set<string>(Object.values(OF_MODE).flat());
  const own: readonly string[] = OF_MODE[mode];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === false || !modal.has(name) || own.includes(name)) continue;
    throw new StartError(`--${name} has no meaning ${mode === 'closed-loop' ? 'without a mode' : `with --${mode}`}.`);
  }
}

function readCommon(values: Values): CommonOptions {
  if (values.address !== undefined && !/^[^\s/]+:\d+$/.test(values.address)) {
    throw new StartError('--address must be HOST:PORT.');
  }
  const [apiFlags, workerFlags] = [values['api-flags'], values['worker-flags']];
  return {
    ...(values.json !== undefined && { json: values.json }),
    ...(values.address !== undefined && { temporalAddress: values.address }),
    ...(values.database !== undefined && { databaseUrl: readDatabaseUrl(values.database) }),
    ...(apiFlags !== undefined && { apiFlags: readFlags('--api-flags', apiFlags) }),
    ...(workerFlags !== undefined && { workerFlags: readFlags('--worker-flags', workerFlags) }),
  };
}

function secondsOf(values: Values, usual: number): number {
  return readCount('--seconds', values.seconds ?? String(usual), MAX_SECONDS);
}

function arrivalsOf(text: string): OpenOptions['arrivals'] {
  if (text === 'even' || text === 'random') return text;
  throw new StartError(`--arrivals: "${text}" is neither even nor random.`);
}
