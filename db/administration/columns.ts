import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { Administered } from '../../api/ports.ts';
import type { Keyring } from '../../runtime/keyring.ts';
import { seal, unseal } from '../../runtime/sealing.ts';
import type { Field, ResourceDeclaration } from './declaration.ts';
import { fieldOf } from './statements.ts';

/** A row of the statements of a resource. */
export type Row = Readonly<Record<string, unknown>> & { readonly $revision: string; readonly $sealedFor: string };

export type Document = Readonly<Record<string, unknown>>;

/** What may be shown of a row. */
export function shownOf({ fields }: ResourceDeclaration, row: Row): Administered {
  const shown = Object.entries(fields).flatMap(([name, field]) => {
    if (isSecret(field)) return [[name, { set: row[name] !== null }]];
    return row[name] === null ? [] : [[name, row[name]]];
  });
  return { document: Object.fromEntries(shown), revision: row.$revision };
}

/** The document with its sealed secrets opened, as it is checked and compared; what is hashed can not be opened. */
export function openedOf(declaration: ResourceDeclaration, keyring: Keyring, row: Row): Document {
  const opened = Object.entries(declaration.fields).flatMap(([name, field]) => {
    if (row[name] === null || field.kind === 'hashed') return [];
    if (field.kind !== 'sealed') return [[name, row[name]]];
    const value = open(keyring, sealedColumn(declaration, field), row.$sealedFor, row[name] as string);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(opened);
}

/** Names of the fields in which `next` differs from what is stored. A hashed secret that is not given stays. */
export function changedFieldsOf(
  { fields }: ResourceDeclaration,
  { row, opened, next }: { readonly row: Row; readonly opened: Document; readonly next: Document },
): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = next[name];
    if (field.kind !== 'hashed') return isDeepStrictEqual(opened[name], value) ? [] : [name];
    const stored = row[name] as Buffer | null;
    return value === undefined || (stored && sha256(value as string).equals(stored)) ? [] : [name];
  });
}

/** Value of one column for a statement. `row` is what was stored before, if anything was. */
export function bindingOf(
  declaration: ResourceDeclaration,
  keyring: Keyring,
  place: { readonly name: string; readonly document: Document; readonly sealedFor: string; readonly row?: Row },
): Knex.RawBinding {
  const field = fieldOf(declaration, place.name);
  const value = place.document[place.name];
  if (value === undefined) return field.kind === 'hashed' ? ((place.row?.[place.name] as Buffer | null) ?? null) : null;
  switch (field.kind) {
    case 'json':
      return JSON.stringify(value);
    case 'hashed':
      return sha256(value as string);
    case 'sealed': {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return seal(keyring, sealedColumn(declaration, field), place.sealedFor, text);
    }
    default:
      return value as Knex.RawBinding;
  }
}

export function isSecret(field: Field): boolean {
  return field.kind === 'sealed' || field.kind === 'hashed';
}

function sealedColumn({ table }: ResourceDeclaration, { column }: Field): string {
  return `${table}.${column}`;
}

/** Undefined when it was sealed under a key that is configured no more: it is of no use to anyone and must be given anew. */
function open(keyring: Keyring, column: string, rowId: string, sealed: string): unknown {
  let text: string;
  try {
    text = unseal(keyring, column, rowId, sealed);
  } catch {
    return undefined;
  }
  return objectOr(text);
}

/** Objects are sealed as JSON, texts as they are. */
function objectOr(text: string): unknown {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
