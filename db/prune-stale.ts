import type { Knex } from 'knex';
import { rows } from './knex.ts';

/** Rows of one statement, which may take two seconds. */
const BATCH_SIZE = 10_000;
/** Of one call; what is left then goes with the next one. */
const MAX_BATCHES = 50;

/**
 * Deletes the rows of a table that `isStale`, a condition in SQL, says are of no use any more: all of them, up to half a
 * million. Several processes at once share the work.
 */
export async function pruneStale(database: Knex, table: string, isStale: string): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const [row] = await rows<{ count: number }>(
      database,
      `with gone as (
         delete from ${table} where ctid = any (array(
           select ctid from ${table} where ${isStale} limit ${BATCH_SIZE} for update skip locked)) returning 1
       )
       select count(*)::int as count from gone`,
      [],
    );
    if ((row?.count ?? 0) < BATCH_SIZE) return;
  }
}
