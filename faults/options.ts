import { parseArgs } from 'node:util';
import { StartError } from '../dev/start-error.ts';

const SHORT_SECONDS = 125;
const LONG_SECONDS = 20 * 60;

export interface FaultsOptions {
  /** How long clients and faults go on, before everything may come to its end. */
  readonly seconds: number;
  readonly seed: number;
  readonly clients: number;
  /** Without faults: for mutants, which must be caught by what clients do alone. */
  readonly isCalm: boolean;
  readonly mutants: boolean;
  /** Where what was checked is written to, as JSON, for other programs; undefined for nowhere. */
  readonly reportFile: string | undefined;
}

export const USAGE = `Usage: npm run faults -- [OPTIONS]
  --short        ${SHORT_SECONDS} s of faults in place of ${LONG_SECONDS / 60} minutes
  --seconds N    so many seconds
  --seed N       the same faults in the same order; any by default, and told
  --clients N    so many users at once; 16 by default
  --calm         no faults: only clients
  --report FILE  writes there what was checked: {"passed": N, "failed": N}
  --mutants      seeds five errors into copies of the code, one after the other; each must be caught`;

/** Reads the command line; undefined when it asks for help. Throws a {@link StartError} that names the option at fault. */
export function readOptions(args: readonly string[]): FaultsOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    seconds: values.seconds ? readNumber('--seconds', values.seconds) : values.short ? SHORT_SECONDS : LONG_SECONDS,
    seed: values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : readNumber('--seed', values.seed),
    clients: readNumber('--clients', values.clients),
    isCalm: values.calm,
    mutants: values.mutants,
    reportFile: values.report,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        short: { type: 'boolean', default: false },
        seconds: { type: 'string' },
        seed: { type: 'string' },
        clients: { type: 'string', default: '16' },
        calm: { type: 'boolean', default: false },
        report: { type: 'string' },
        mutants: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    // parseArgs throws for what the user typed; its sentence names it.
    throw new StartError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function readNumber(option: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new StartError(`${option}: "${text}" is not a whole number.`);
  return Number(text);
}
