import type { Knex } from 'knex';

/** What belongs to a transaction, in the order in which it can be written. */
export const GROWING_TABLES = [
  'transactions',
  'evidence',
  'receipts',
  'push_sends',
  'callback_attempts',
  'events',
] as const;
/** Copies beyond so many leave out what is large and only ever read by its transaction's id. */
const WHOLE_COPIES = 100_000;
const LARGE: readonly string[] = ['evidence', 'receipts'];
const ROWS_AT_ONCE = 20_000;
/** Of one user; so many users take part. */
const TRANSACTIONS_OF_A_USER = 10;
/** They lie spread over this time before now. */
const DAYS = 30;

/**
 * Brings the settled transactions in the database up to `count`, by copies of those that really ran there, with all that
 * belongs to them: new ids, other users, earlier times, the same sizes. Throws where none has run yet.
 */
export async function fillTables(database: Knex, count: number, signal: AbortSignal): Promise<void> {
  const { rows } = await database.raw(
    `select count(*) filter (where status <> 'pending')::int as settled,
            count(*) filter (where status = 'approved')::int as approved from transactions`,
  );
  const [{ settled, approved }] = rows;
  if (approved === 0) throw new Error('no transaction has run that could be copied');
  await database.raw(
    `create unlogged table if not exists bench_models as
       select id, created_at, row_number() over (order by id) - 1 as number from transactions where status = 'approved'
       order by id limit 100`,
  );
  // Copied from small tables: to find the rows of a hundred among millions costs more than to write their copies.
  for (const table of GROWING_TABLES) {
    await database.raw(
      `create unlogged table if not exists bench_models_of_${table} as
         select o.* from ${table} o join bench_models m on o.${keyOf(table)} = m.id`,
    );
  }
  const columns = await readColumns(database);
  for (let done: number = settled; done < count; ) {
    signal.throwIfAborted();
    const amount = Math.min(ROWS_AT_ONCE, count - done);
    await copySome(database, columns, done, amount);
    done += amount;
  }
  await settle(database);
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** What PostgreSQL would do by itself in the minutes after so many rows is done now, so that it is not what is measured. */
async function settle(database: Knex): Promise<void> {
  await database.raw(`vacuum (analyze) ${GROWING_TABLES.join(', ')}`);
  await database.raw('checkpoint').catch((error: { code?: string }) => {
    // Not everybody may; on a server of others it is their checkpoint too.
    if (error.code !== INSUFFICIENT_PRIVILEGE) throw error;
  });
}

interface Column {
  readonly name: string;
  readonly type: string;
}

async function copySome(
  database: Knex,
  columns: ReadonlyMap<string, readonly Column[]>,
  done: number,
  amount: number,
): Promise<void> {
  await database.transaction(async (transaction) => {
    // Ids are UUIDs of version 7, as real ones: their order is that of time, which is what indexes feel.
    await transaction.raw(
      `create temporary table bench_copies on commit drop as
         select m.id as old_id, m.created_at - at as earlier, 'grown-' || (g / ${TRANSACTIONS_OF_A_USER}) as user_id,
                overlay(overlay(lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
                  || substr(md5(g::text || random()::text), 1, 20) placing '7' from 13) placing '8' from 17)::uuid as new_id
           from (select g, now() - random() * interval '${DAYS} days' as at
                   from generate_series(?::int, ?::int) g) as spread
           join bench_models m on m.number = g % (select count(*) from bench_models)`,
      [done + 1, done + amount],
    );
    // The models were checked when they were written; a server of others may not let us leave that out.
    const { rows } = await transaction.raw('select rolsuper as may from pg_roles where rolname = current_user');
    if (rows[0].may) await transaction.raw('set local session_replication_role = replica');
    for (const [table, all] of columns) {
      if (done >= WHOLE_COPIES && LARGE.includes(table)) continue;
      const names = all.map(({ name }) => name);
      const key = keyOf(table);
      await transaction.raw(
        `insert into ${table} (${names.join(', ')})
         select ${all.map((column) => copyOf(column, key)).join(', ')}
           from bench_copies c join bench_models_of_${table} o on o.${key} = c.old_id`,
      );
    }
  });
}

function keyOf(table: string): string {
  return table === 'transactions' ? 'id' : 'transaction_id';
}

function copyOf({ name, type }: Column, key: string): string {
  if (name === key) return 'c.new_id';
  if (name === 'user_id') return 'c.user_id';
  return type === 'timestamp with time zone' ? `o.${name} - c.earlier` : `o.${name}`;
}

/** Those that are written, by table: what the database makes by itself it makes for copies too. */
async function readColumns(database: Knex): Promise<ReadonlyMap<string, readonly Column[]>> {
  const { rows } = await database.raw(
    `select table_name as table, column_name as name, data_type as type from information_schema.columns
      where table_schema = 'public' and table_name = any(?) and is_identity = 'NO' and is_generated = 'NEVER'
      order by ordinal_position`,
    [[...GROWING_TABLES]],
  );
  return new Map(
    GROWING_TABLES.map((table) => [table, rows.filter((row: Column & { table: string }) => row.table === table)]),
  );
}
