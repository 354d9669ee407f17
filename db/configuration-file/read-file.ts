import { parseDocument } from 'yaml';
import { isSecret } from '../administration/columns.ts';
import type { ResourceDeclaration } from '../administration/declaration.ts';
import { FILE_RESOURCES } from '../administration/resources/index.ts';
import { type ReferenceSources, resolveSecret } from './secret-references.ts';

/** One document of the file, its secrets in place. */
export interface WantedDocument {
  readonly declaration: ResourceDeclaration;
  readonly key: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface WantedConfiguration {
  /** In the order in which they can be written. */
  readonly documents: readonly WantedDocument[];
  /** Names of the resources that the file speaks of at all. */
  readonly resources: readonly string[];
}

/** The file says something that no configuration can be; every fault is in the message, and no value. */
export class ConfigurationFileError extends Error {
  override readonly name = 'ConfigurationFileError';

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Reads the YAML of a configuration file. Throws a {@link ConfigurationFileError} that names every fault of its form. */
export function readConfigurationFile(text: string, sources: ReferenceSources): WantedConfiguration {
  const parsed = parseDocument(text);
  if (parsed.errors.length > 0) throw new ConfigurationFileError(parsed.errors.map(({ message }) => message));
  const file = (parsed.toJS({ maxAliasCount: 100 }) ?? {}) as unknown;
  if (!isObject(file)) throw new ConfigurationFileError(['the file must map names of resources to documents']);
  const problems = Object.keys(file)
    .filter((name) => !FILE_RESOURCES.some((declaration) => declaration.name === name))
    .map((name) => `${name}: is no resource`);
  const documents = FILE_RESOURCES.filter(({ name }) => name in file).flatMap((declaration) =>
    documentsOf(declaration, file[declaration.name], sources, problems),
  );
  if (problems.length > 0) throw new ConfigurationFileError(problems);
  return { documents, resources: Object.keys(file) };
}

function documentsOf(
  declaration: ResourceDeclaration,
  given: unknown,
  sources: ReferenceSources,
  problems: string[],
): WantedDocument[] {
  const { name, identity } = declaration;
  const isOne = identity.length === 0;
  const list = isOne ? [given] : (given ?? []);
  if (!Array.isArray(list)) {
    problems.push(`${name}: must be a list`);
    return [];
  }
  const seen = new Set<string>();
  return list.flatMap((document: unknown, index) => {
    const place = isOne ? name : `${name}[${index}]`;
    if (!isObject(document)) {
      problems.push(`${place}: must be a document`);
      return [];
    }
    const key = identity.map((field) => document[field]);
    const unnamed = identity.filter((_field, position) => typeof key[position] !== 'string');
    for (const field of unnamed) problems.push(`${place}.${field}: must be a text`);
    if (!isOne && unnamed.length === 0 && seen.has(key.join('/'))) problems.push(`${place}: is there twice`);
    seen.add(key.join('/'));
    const body = withSecrets(declaration, document, sources, (field, problem) =>
      problems.push(`${place}.${field}: ${problem}`),
    );
    return [{ declaration, key: key as string[], body }];
  });
}

function withSecrets(
  { fields }: ResourceDeclaration,
  document: Readonly<Record<string, unknown>>,
  sources: ReferenceSources,
  refuse: (field: string, problem: string) => void,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(document).map(([name, value]) => {
    const field = fields[name];
    if (!field || !isSecret(field) || value === null) return [name, value];
    const resolved = resolveSecret(value, sources);
    if (resolved.ok) return [name, resolved.value];
    for (const problem of resolved.problems) refuse(name, problem);
    return [name, undefined];
  });
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
