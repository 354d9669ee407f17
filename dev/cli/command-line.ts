import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { exitCodeOf } from './exit-code.ts';
import { describeFailure, UsageError } from './failures.ts';
import { createOutput, type Output } from './output.ts';

/** Values of the options of one command line, by name. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export interface Option {
  readonly type: 'string' | 'boolean';
  /** Stands for the value in the help, for instance `NAME`. */
  readonly value?: string;
  /** One line of help. */
  readonly about: string;
}

export type Options = Readonly<Record<string, Option>>;

export interface Command<Context> {
  /** One line of help. */
  readonly about: string;
  readonly options?: Options;
  /** Names of the operands that the command needs, two at most, for instance `ID`. */
  readonly operand?: string;
  /** Resolves to true when what was asked for came about. */
  run(context: Context, values: OptionValues, operand: string, second: string): Promise<boolean>;
}

export interface Program<Context> {
  /** As it is called, for instance `npm run phone --`. */
  readonly name: string;
  readonly about: string;
  /** Options that every command takes. */
  readonly options: Options;
  readonly commands: Readonly<Record<string, Command<Context>>>;
  /** More lines for the help. */
  readonly notes: readonly string[];
  prepare(values: OptionValues, output: Output): Context;
}

const EVERYWHERE: Options = {
  json: { type: 'boolean', about: 'one JSON object a line on standard output, nothing else there' },
  help: { type: 'boolean', about: 'show this' },
};

/** Runs one command line and resolves to the exit code: 0 done, 1 refused or failed, 2 not understood. */
export async function runProgram<Context>(program: Program<Context>, args: readonly string[]): Promise<number> {
  const output = createOutput(args.includes('--json'));
  try {
    if (args.includes('--help') || args.length === 0) {
      output.print(...helpOf(program));
      return args.length === 0 ? 2 : 0;
    }
    const { command, values, operands } = readArguments(program, args);
    const [operand = '', second = ''] = operands;
    const done = await command.run(program.prepare(values, output), values, operand, second);
    return done ? 0 : 1;
  } catch (error) {
    output.failure(describeFailure(error));
    if (error instanceof UsageError) output.note(`Help: ${program.name} --help`);
    return exitCodeOf(error);
  }
}

function readArguments<Context>(program: Program<Context>, args: readonly string[]) {
  const all: Options = Object.assign(
    {},
    EVERYWHERE,
    program.options,
    ...Object.values(program.commands).map(({ options }) => options),
  );
  const { values, positionals } = parse(args, all);
  const [name = '', ...operands] = positionals;
  const command = Object.hasOwn(program.commands, name) ? program.commands[name] : undefined;
  if (!command) throw new UsageError(name ? `There is no command "${name}".` : 'A command is missing.');
  const known: Options = { ...EVERYWHERE, ...program.options, ...command.options };
  const stray = Object.keys(values).find((option) => !Object.hasOwn(known, option));
  if (stray) throw new UsageError(`"${name}" takes no --${stray}.`);
  const needed = command.operand?.split(' ').length ?? 0;
  if (operands.filter((operand) => operand !== '').length < needed)
    throw new UsageError(`"${name}" needs ${command.operand}.`);
  if (operands.length > needed) throw new UsageError(`"${name}" takes no more arguments.`);
  return { command, values, operands };
}

function parse(args: readonly string[], options: Options): { values: OptionValues; positionals: string[] } {
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(options).map(([name, { type }]) => [name, { type }]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true });
    return { values: values as OptionValues, positionals };
  } catch (cause) {
    // parseArgs throws for what the user typed; its sentence names it.
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function helpOf<Context>(program: Program<Context>): string[] {
  const lines = [program.about, '', `Usage: ${program.name} [OPTIONS] COMMAND`, '', 'Commands:'];
  for (const [name, { about, operand, options }] of Object.entries(program.commands)) {
    lines.push(
      `  ${(operand ? `${name} ${operand}` : name).padEnd(26)} ${about}`,
      ...helpOfOptions(options ?? {}, '    '),
    );
  }
  lines.push('', 'Options:', ...helpOfOptions({ ...program.options, ...EVERYWHERE }, '  '));
  return program.notes.length > 0 ? [...lines, '', ...program.notes] : lines;
}

function helpOfOptions(options: Options, indent: string): string[] {
  return Object.entries(options).map(([name, { value, about }]) => {
    const term = `${indent}--${name}${value ? ` ${value}` : ''}`;
    return `${term.padEnd(28)} ${about}`;
  });
}
