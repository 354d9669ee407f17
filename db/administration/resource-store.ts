import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type {
  AdministeredResource,
  Author,
  ExpectedRevision,
  ResourceRefusal,
  ResourceResult,
} from '../../api/ports.ts';
import type { Keyring } from '../../runtime/keyring.ts';
import { isReferenceViolation, rows, violatedIndexOf } from '../knex.ts';
import { checkDocument, refuse } from './check-document.ts';
import { bindingOf, changedFieldsOf, type Document, isSecret, openedOf, type Row, shownOf } from './columns.ts';
import type { Checks, ResourceDeclaration } from './declaration.ts';
import { newDocument, nextDocument } from './next-document.ts';
import { changeableFields, statementsOf } from './statements.ts';
import { writeEvent } from './write-event.ts';

export interface ResourceStoreDependencies {
  /** A pool, or a transaction that the changes are to be part of. */
  readonly database: Knex;
  readonly keyring: Keyring;
  readonly checks: Checks;
  /** Hears of each change of a table, once it is written. */
  readonly changed?: (table: string) => void;
}

/** Reads and writes the documents of one resource. Each change locks its row, so that of several the first one wins. */
export function createResourceStore(
  declaration: ResourceDeclaration,
  { database, keyring, checks, changed = () => {} }: ResourceStoreDependencies,
): AdministeredResource {
  const { name, identity, access, schema, example, generatedId } = declaration;
  const sql = statementsOf(declaration);

  /** All or nothing. */
  async function inTransaction<Result extends { readonly ok: boolean }>(
    work: (transaction: Knex) => Promise<Result>,
  ): Promise<Result | ResourceRefusal> {
    try {
      const result = await database.transaction(work);
      if (result.ok) changed(declaration.table);
      return result;
    } catch (error) {
      if (violatedIndexOf(error)) return { ok: false, code: 'resource_exists' };
      if (isReferenceViolation(error)) return { ok: false, code: 'resource_referenced' };
      throw error;
    }
  }

  async function one(connection: Knex, statement: string, key: readonly string[]): Promise<Row | undefined> {
    const [row] = await rows<Row>(connection, statement, key);
    return row;
  }

  async function readBack(transaction: Knex, key: readonly string[]): Promise<ReturnType<typeof shownOf>> {
    const row = await one(transaction, sql.find, key);
    if (!row) throw new Error(`${name} was written but can not be read`);
    return shownOf(declaration, row);
  }

  async function insert(transaction: Knex, document: Document, author: Author): Promise<ResourceResult> {
    const key = identity.map((field) => document[field] as string);
    const id = generatedId ? uuidv7() : undefined;
    const place = { document, sealedFor: id ?? key[0] ?? '' };
    const values = Object.keys(declaration.fields).map((field) =>
      bindingOf(declaration, keyring, { ...place, name: field }),
    );
    await rows(transaction, sql.insert, id ? [...values, id] : values);
    const fields = Object.keys(document);
    await writeEvent(transaction, declaration, { kind: 'created', key, fields, author });
    return { ok: true, entry: await readBack(transaction, key), changedFields: fields };
  }

  return {
    name,
    identity,
    schema,
    secretFields: Object.entries(declaration.fields).flatMap(([field, how]) => (isSecret(how) ? [field] : [])),
    example,
    access,

    async list({ after, limit }) {
      const found = after
        ? await rows<Row>(database, sql.listAfter, [...after, limit])
        : await rows<Row>(database, sql.listFirst, [limit]);
      return found.map((row) => shownOf(declaration, row));
    },

    async find(key) {
      const row = await one(database, sql.find, key);
      return row && shownOf(declaration, row);
    },

    create: (body, author) =>
      inTransaction(async (transaction): Promise<ResourceResult> => {
        const checked = await checkDocument(transaction, declaration, checks, newDocument(declaration, body));
        return checked.ok ? insert(transaction, checked.document, author) : checked;
      }),

    change: (key, asked, expected, author) =>
      inTransaction(async (transaction): Promise<ResourceResult> => {
        const row = await one(transaction, sql.lock, key);
        if (!row) return { ok: false, code: 'resource_unknown' };
        if (!isExpected(row, expected)) return { ok: false, code: 'precondition_failed' };
        const opened = openedOf(declaration, keyring, row);
        const given = nextDocument(declaration, opened, asked);
        const checked = await checkDocument(transaction, declaration, checks, given);
        if (!checked.ok) return checked;
        const renamed = identity.filter((field, index) => checked.document[field] !== key[index]);
        if (renamed.length > 0) {
          return refuse(renamed.map((field) => ({ pointer: `#/${field}`, detail: 'Can not be changed.' })));
        }
        const changedFields = changedFieldsOf(declaration, { row, opened, next: checked.document });
        if (changedFields.length === 0) return { ok: true, entry: shownOf(declaration, row), changedFields };
        const fixed = await fixedFieldsOf(transaction, declaration, key, changedFields);
        if (fixed.length > 0) {
          return refuse(fixed.map((field) => ({ pointer: `#/${field}`, detail: 'Can not be changed while in use.' })));
        }
        const place = { document: checked.document, sealedFor: row.$sealedFor, row };
        const values = changeableFields(declaration).map((field) =>
          bindingOf(declaration, keyring, { ...place, name: field }),
        );
        await rows(transaction, sql.update, [...values, ...key]);
        await writeEvent(transaction, declaration, { kind: 'updated', key, fields: changedFields, author });
        return { ok: true, entry: await readBack(transaction, key), changedFields };
      }),

    remove: (key, expected, author) =>
      inTransaction(async (transaction): Promise<{ readonly ok: true } | ResourceRefusal> => {
        const row = await one(transaction, sql.lock, key);
        if (!row) return { ok: false, code: 'resource_unknown' };
        if (!isExpected(row, expected)) return { ok: false, code: 'precondition_failed' };
        await rows(transaction, sql.remove, key);
        await writeEvent(transaction, declaration, { kind: 'deleted', key, fields: [], author });
        return { ok: true };
      }),
  };
}

/** Which of the changed fields must stay, as the document is in use. */
async function fixedFieldsOf(
  transaction: Knex,
  { fixedWhileUsed }: ResourceDeclaration,
  [name]: readonly string[],
  changed: readonly string[],
): Promise<readonly string[]> {
  const fixed = changed.filter((field) => fixedWhileUsed?.fields.includes(field));
  if (!fixedWhileUsed || name === undefined || fixed.length === 0) return [];
  const { table, column } = fixedWhileUsed;
  // The document's row is locked: nothing begins to use it meanwhile.
  const used = await rows(transaction, `select 1 from ${table} where ${column} = ? limit 1`, [name]);
  return used.length > 0 ? fixed : [];
}

function isExpected(row: Row, expected: ExpectedRevision): boolean {
  return expected === 'any' || expected.includes(row.$revision);
}
