import type { Knex } from 'knex';
import type { TransactionFilter, TransactionPlace } from '../api/ports.ts';

/** A statement and what it binds. Which filters are set decides the text, so that there are few of them. */
export interface TransactionQuery {
  readonly sql: string;
  readonly bindings: readonly Knex.RawBinding[];
}

const EPOCH_MS = 'to_timestamp(?::double precision / 1000)';
const wholeMs = (column: string) => `floor(extract(epoch from ${column}) * 1000)::float8`;

type Filtered = Exclude<keyof TransactionFilter, 'fromMs' | 'beforeMs'>;

/** Each has an index that begins with its column and goes on by time (db/migrations/0020-console.ts). */
const CONDITIONS: Readonly<Record<Filtered, string>> = {
  id: 'id = ?::uuid',
  userId: 'user_id = ?',
  deviceId: 'device_id = ?',
  type: 'type_name = ?',
  status: 'status = ?',
  method: 'method = ?',
  clientId: 'client_id = ?',
};

/** What goes on by time in those indexes, and what the index for no filter at all begins with. */
const TIME = { filtered: 'created_at', unfiltered: "(created_at at time zone 'UTC')" };

/** Columns of an item, of a table or alias that has those of transactions. */
export const ITEM_COLUMNS = `t.id, t.user_id as "userId", t.device_id as "deviceId", t.type_name as type, t.method, t.status,
         t.client_id as "clientId", ${wholeMs('t.created_at')} as "createdAtMs",
         ${wholeMs('t.expires_at')} as "expiresAtMs", ${wholeMs('t.settled_at')} as "settledAtMs"`;

/** Newest first, from a place on. */
export function transactionPageQuery(
  { fromMs, beforeMs, ...filter }: TransactionFilter,
  { after, limit }: { readonly after?: TransactionPlace | undefined; readonly limit: number },
): TransactionQuery {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined) as [Filtered, string][];
  const isFiltered = given.length > 0;
  const time = isFiltered ? TIME.filtered : TIME.unfiltered;
  const at = (moment: string) => (isFiltered ? moment : `(${moment} at time zone 'UTC')`);
  const parts: readonly (readonly [string, readonly Knex.RawBinding[]])[] = [
    ...given.map(([name, value]) => [CONDITIONS[name], [value]] as const),
    ...(fromMs === undefined ? [] : [[`${time} >= ${at(EPOCH_MS)}`, [fromMs]] as const]),
    ...(beforeMs === undefined ? [] : [[`${time} < ${at(EPOCH_MS)}`, [beforeMs]] as const]),
    ...(after ? [[`(${time}, id) < (${at('?::timestamptz')}, ?::uuid)`, [after.createdAt, after.id]] as const] : []),
  ];
  const where = parts.length === 0 ? '' : `where ${parts.map(([sql]) => sql).join(' and ')}`;
  return {
    sql: `select ${ITEM_COLUMNS}, t.created_at::text as "createdAt"
            from (select * from transactions ${where} order by ${time} desc, id desc limit ?) t
           order by t.created_at desc, t.id desc`,
    bindings: [...parts.flatMap(([, bindings]) => bindings), limit],
  };
}
