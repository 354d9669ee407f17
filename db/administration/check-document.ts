import type { Knex } from 'knex';
import type { FieldProblem } from '../../runtime/errors.ts';
import { isStorable } from '../../runtime/storable-text.ts';
import { rows } from '../knex.ts';
import type { Document } from './columns.ts';
import type { Checks, ResourceDeclaration } from './declaration.ts';

export type CheckedDocument =
  | { readonly ok: true; readonly document: Document }
  | { readonly ok: false; readonly code: 'request_invalid'; readonly errors: readonly FieldProblem[] };

/**
 * The document as its schema, its own check and the database accept it. What it refers to stays there until the end of
 * the transaction.
 */
export async function checkDocument(
  transaction: Knex,
  declaration: ResourceDeclaration,
  checks: Checks,
  given: Document | undefined,
): Promise<CheckedDocument> {
  const parsed = declaration.schema.safeParse(given);
  if (!parsed.success) {
    return refuse(parsed.error.issues.map(({ path, message }) => ({ pointer: pointerTo(path), detail: message })));
  }
  const document = parsed.data;
  const unstorable = Object.keys(document).filter((name) => !canBeStored(document[name]));
  if (unstorable.length > 0) {
    return refuse(
      unstorable.map((name) => ({ pointer: pointerTo([name]), detail: 'must be Unicode text without NUL' })),
    );
  }
  const problems = [
    ...(await missingReferences(transaction, declaration, document)),
    ...((await declaration.check?.(document, checks)) ?? []),
  ];
  return problems.length === 0 ? { ok: true, document } : refuse(problems);
}

export function refuse(errors: readonly FieldProblem[]): CheckedDocument & { readonly ok: false } {
  return { ok: false, code: 'request_invalid', errors };
}

async function missingReferences(
  transaction: Knex,
  { fields }: ResourceDeclaration,
  document: Document,
): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = document[name];
    if (field.kind !== 'reference' || value === undefined) continue;
    const found = await rows(transaction, `select 1 from ${field.table} where ${field.name} = ? for key share`, [
      value as string,
    ]);
    if (found.length === 0) problems.push({ pointer: pointerTo([name]), detail: 'There is none of this name.' });
  }
  return problems;
}

function canBeStored(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isStorable(name) && canBeStored(inner));
}

/** RFC 6901, as a URI fragment. */
function pointerTo(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1')));
  return ['#', ...steps].join('/');
}
