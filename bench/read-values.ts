import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { StartError } from '../dev/start-error.ts';
import { METHODS, type MethodName } from './whole/methods.ts';

const MAX_RATE = 1_000;

/** The options of a command line that takes nothing else. Throws a {@link StartError} that names what is not understood. */
export function splitCommandLine<Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    // parseArgs throws for what the user typed; its sentence names it.
    throw new StartError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A whole number from 1 to `max`. */
export function readCount(option: string, text: string, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > max) {
    throw new StartError(`${option}: "${text}" is not a whole number from 1 to ${max}.`);
  }
  return number;
}

/** Comma-separated whole numbers; ascending, none twice. */
export function readNumbers(option: string, text: string, max: number): readonly number[] {
  const numbers = text.split(',').map((part) => readCount(option, part.trim(), max));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Comma-separated rates per second, whole or with decimals; ascending, none twice. */
export function readRates(text: string, option = '--rate'): readonly number[] {
  const rates = text.split(',').map((part) => {
    const rate = Number(part);
    if (!/^\s*\d+(\.\d+)?\s*$/.test(part) || rate <= 0 || rate > MAX_RATE) {
      throw new StartError(`${option}: "${part}" is not a number above 0, up to ${MAX_RATE}.`);
    }
    return rate;
  });
  return [...new Set(rates)].sort((a, b) => a - b);
}

/** `all`, or names of methods, comma-separated; in the order of the table, none twice. */
export function readMethods(text: string): readonly MethodName[] {
  const names = METHODS.map(({ name }) => name);
  if (text === 'all') return names;
  const wanted = text.split(',').map((part) => part.trim());
  const unknown = wanted.find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined) throw new StartError(`--methods: "${unknown}" is none of ${names.join(', ')}.`);
  return names.filter((name) => wanted.includes(name));
}

/** Flags of Node, separated by spaces. */
export function readFlags(option: string, text: string): readonly string[] {
  const flags = text.split(' ').filter((flag) => flag !== '');
  const other = flags.find((flag) => !flag.startsWith('--'));
  if (other !== undefined) throw new StartError(`${option}: "${other}" is no flag.`);
  return flags;
}

export function readDatabaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') {
    // The text may hold a password.
    throw new StartError('--database must be a connection string that begins with postgres://.');
  }
  return text;
}
