import type { Failure } from './failures.ts';

/** Something that happened: for machines as a line of JSON, for people in their own words. */
export type ReportedEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

export interface Output {
  /** True when the output is for machines. */
  readonly json: boolean;
  /** Tells an event: to machines the event itself, to people `lines`. */
  event(event: ReportedEvent, ...lines: string[]): void;
  /** Tells of a refusal or failure. */
  failure(failure: Failure): void;
  /** Text on standard output, whoever reads: for help. */
  print(...lines: string[]): void;
  /** For people only, beside the results: on standard error. */
  note(...lines: string[]): void;
}

export function createOutput(json: boolean): Output {
  // Whoever reads may have enough (`… | head -1`): that ends the command, and is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const print = (...lines: string[]): void => {
    for (const line of lines) process.stdout.write(`${line}\n`);
  };
  const note = (...lines: string[]): void => {
    for (const line of lines) process.stderr.write(`${line}\n`);
  };
  return {
    json,
    print,
    note(...lines) {
      if (!json) note(...lines);
    },
    event(event, ...lines) {
      if (json) print(JSON.stringify(event));
      else print(...lines);
    },
    failure(failure) {
      if (json) print(JSON.stringify(failure));
      else note(failure.event === 'refused' ? `Refused (${failure.code}): ${failure.message}` : failure.message);
    },
  };
}

/** Names and values as aligned lines; values that are undefined are left out. */
export function aligned(values: Readonly<Record<string, string | number | undefined>>): string[] {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...given.map(([name]) => name.length));
  return given.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}
