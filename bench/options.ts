import { parseArgs } from 'node:util';
import { StartError } from '../dev/start-error.ts';

const MAX_CONCURRENCY = 128;
const MAX_SECONDS = 600;

export interface BenchOptions {
  /** How many transactions run at once, one measurement after the other; ascending, no number twice. */
  readonly concurrencies: readonly number[];
  /** Of each measurement, without its warm-up. */
  readonly seconds: number;
  /** File that gets all numbers. */
  readonly json?: string;
  /** `host:port` of a Temporal service to measure on; an embedded one without it. */
  readonly temporalAddress?: string;
  /** Connection string of a PostgreSQL server to measure on; an embedded one without it. */
  readonly databaseUrl?: string;
}

export const USAGE = `Usage: npm run bench -- [OPTIONS]
  --concurrency LIST   transactions at once, for instance 1,8,16,32 (the default); at most ${MAX_CONCURRENCY}
  --seconds N          length of each measurement, after its warm-up; 8 by default
  --json FILE          write all numbers there
  --address HOST:PORT  a Temporal service to run on; TEMPORAL_NAMESPACE, TEMPORAL_TLS, ... are read from the environment
  --database URL       a PostgreSQL server to run on; a database of its own is made there, and dropped afterwards`;

/** Reads the command line; undefined when it asks for help. Throws a {@link StartError} that names the option at fault. */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  if (values.address !== undefined && !/^[^\s/]+:\d+$/.test(values.address)) {
    throw new StartError('--address must be HOST:PORT.');
  }
  return {
    concurrencies: readConcurrencies(values.concurrency),
    seconds: readNumber('--seconds', values.seconds, MAX_SECONDS),
    ...(values.json !== undefined && { json: values.json }),
    ...(values.address !== undefined && { temporalAddress: values.address }),
    ...(values.database !== undefined && { databaseUrl: readDatabaseUrl(values.database) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        concurrency: { type: 'string', default: '1,8,16,32' },
        seconds: { type: 'string', default: '8' },
        json: { type: 'string' },
        address: { type: 'string' },
        database: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    // parseArgs throws for what the user typed; its sentence names it.
    throw new StartError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function readConcurrencies(text: string): readonly number[] {
  const numbers = text.split(',').map((part) => readNumber('--concurrency', part.trim(), MAX_CONCURRENCY));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function readNumber(option: string, text: string, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > max) {
    throw new StartError(`${option}: "${text}" is not a whole number from 1 to ${max}.`);
  }
  return number;
}

function readDatabaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') {
    // The text may hold a password.
    throw new StartError('--database must be a connection string that begins with postgres://.');
  }
  return text;
}
