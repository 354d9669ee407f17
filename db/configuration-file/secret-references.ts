import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where a secret comes from; the configuration file itself holds none. */
export interface ReferenceSources {
  readonly env: NodeJS.ProcessEnv;
  /** Folder that the paths of files are relative to. */
  readonly folder: string;
}

export type ResolvedSecret =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * The value of a secret field: `{env: NAME}` and `{file: PATH}` stand for a text, or for the object that the text is the
 * JSON of. Other fields beside them may stand as they are; text with no reference beside it is refused.
 */
export function resolveSecret(given: unknown, sources: ReferenceSources): ResolvedSecret {
  const problems: string[] = [];
  let references = 0;
  let texts = 0;

  function resolved(value: unknown): unknown {
    const reference = referenceOf(value);
    if (reference) {
      references += 1;
      return read(reference, sources, problems);
    }
    if (typeof value === 'string') texts += 1;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner)]));
  }

  const value = resolved(given);
  if (references === 0 && texts > 0) problems.push('must refer to its secrets, as {env: NAME} or {file: PATH}');
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

type Reference = { readonly env: string } | { readonly file: string };

function referenceOf(value: unknown): Reference | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [[kind, place] = [], ...others] = Object.entries(value);
  if (others.length > 0 || typeof place !== 'string') return undefined;
  return kind === 'env' || kind === 'file' ? ({ [kind]: place } as unknown as Reference) : undefined;
}

function read(reference: Reference, { env, folder }: ReferenceSources, problems: string[]): unknown {
  if ('env' in reference) {
    const text = env[reference.env];
    if (text) return objectOr(text);
    problems.push(`the variable ${reference.env} is not set`);
    return undefined;
  }
  try {
    // Editors end files with a newline.
    return objectOr(readFileSync(resolve(folder, reference.file), 'utf8').trimEnd());
  } catch (error) {
    problems.push(`the file ${reference.file} can not be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

function objectOr(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
