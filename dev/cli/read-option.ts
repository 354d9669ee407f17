import type { OptionValues } from './command-line.ts';
import { UsageError } from './failures.ts';

/** The text of an option; undefined when it is not given. An empty one is refused. */
export function textOption(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  if (value === '') throw new UsageError(`--${name} is empty.`);
  return typeof value === 'string' ? value : undefined;
}

/** The text of an option that must be given. */
export function requiredOption(values: OptionValues, name: string): string {
  const value = textOption(values, name);
  if (value === undefined) throw new UsageError(`--${name} is missing.`);
  return value;
}

/** A whole number between two bounds; undefined when the option is not given. */
export function numberOption(values: OptionValues, name: string, min: number, max: number): number | undefined {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new UsageError(`--${name} is a whole number from ${min} to ${max}.`);
  return value;
}

/** One of a few words; undefined when the option is not given. */
export function wordOption<Word extends string>(
  values: OptionValues,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (!word) throw new UsageError(`--${name} is one of ${words.join(', ')}.`);
  return word;
}
