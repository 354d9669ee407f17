import type { Knex } from 'knex';

/** What the figures of operations are read by: few rows of large tables. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index transactions_pending_by_deadline on transactions (expires_at) where status = 'pending';
    create index callback_attempts_failed_by_age on callback_attempts (attempted_at) where failure is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index transactions_pending_by_deadline, callback_attempts_failed_by_age');
}
