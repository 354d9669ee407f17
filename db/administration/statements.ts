import type { Field, ResourceDeclaration } from './declaration.ts';

/** The SQL of one resource: few texts, made once, so that each is prepared. */
export interface Statements {
  /** Of one document, locked until the end of the transaction; bindings: identity. */
  readonly lock: string;
  readonly find: string;
  /** Bindings: limit. */
  readonly listFirst: string;
  /** Bindings: identity, limit. */
  readonly listAfter: string;
  /** Bindings: every field, then the generated id where there is one. */
  readonly insert: string;
  /** Bindings: every field that is no identity, then the identity. */
  readonly update: string;
  readonly remove: string;
}

/** Column of a field; the declaration of a resource names one for each. */
export function fieldOf({ fields, name }: ResourceDeclaration, fieldName: string): Field {
  const field = fields[fieldName];
  if (!field) throw new Error(`the field ${fieldName} of ${name} is not declared`);
  return field;
}

/** Fields that a change may change. */
export function changeableFields(declaration: ResourceDeclaration): readonly string[] {
  return Object.keys(declaration.fields).filter((name) => !declaration.identity.includes(name));
}

export function statementsOf(declaration: ResourceDeclaration): Statements {
  const { table, identity, fields, generatedId, counter, revision = 'revision' } = declaration;
  const names = Object.keys(fields);
  const changeable = changeableFields(declaration);
  const keyColumns = identity.map((name) => `t.${fieldOf(declaration, name).column}`);
  const isIt = keyColumns.length === 0 ? 'true' : keyColumns.map((column) => `${column} = ?`).join(' and ');
  const shown = names.map((name) => `${read(fieldOf(declaration, name))} as "${name}"`);
  const sealedFor = generatedId ? `t.${generatedId}::text` : (keyColumns[0] ?? "''");
  const select = `select ${shown.join(', ')}, t.${revision}::text as "$revision", ${sealedFor} as "$sealedFor" from ${table} t`;
  // Byte order, so that lists are the same wherever the database runs.
  const ordered = keyColumns.map((column) => `${column} collate "C"`).join(', ') || '1';
  const columns = names.map((name) => fieldOf(declaration, name).column);
  const values = names.map((name) => write(fieldOf(declaration, name)));
  const assignments = changeable.map((name) => {
    const field = fieldOf(declaration, name);
    return `${field.column} = ${write(field)}`;
  });
  if (counter) assignments.push(`${counter} = ${counter} + 1`);
  return {
    find: `${select} where ${isIt}`,
    lock: `${select} where ${isIt} for update of t`,
    listFirst: `${select} order by ${ordered} limit ?`,
    listAfter: `${select} where (${ordered}) > (${identity.map(() => '?').join(', ')}) order by ${ordered} limit ?`,
    insert: `insert into ${table} (${[...columns, ...(generatedId ? [generatedId] : [])].join(', ')})
             values (${[...values, ...(generatedId ? ['?'] : [])].join(', ')})`,
    update: `update ${table} t set ${assignments.join(', ')} where ${isIt}`,
    remove: `delete from ${table} t where ${isIt}`,
  };
}

function read(field: Field): string {
  if (field.kind !== 'reference') return `t.${field.column}`;
  return `(select r.${field.name} from ${field.table} r where r.${field.key ?? 'id'} = t.${field.column})`;
}

function write(field: Field): string {
  if (field.kind === 'json') return '?::jsonb';
  if (field.kind !== 'reference') return '?';
  return `(select r.${field.key ?? 'id'} from ${field.table} r where r.${field.name} = ?)`;
}
