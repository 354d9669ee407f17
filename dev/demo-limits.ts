import type { Knex } from 'knex';

const AS_MIGRATED = { push_max_pending: 5, push_free_misses: 3, push_blocked_by_not_me: true };
const FOR_TRYING_OUT = { push_max_pending: 100, push_free_misses: 100, push_blocked_by_not_me: false };

/**
 * Whoever tries things out asks the same user again and again, and says "not me" to see what it does: the demonstration
 * lets them. Limits that somebody has set stay.
 */
export async function loosenLimits(knex: Knex): Promise<void> {
  await knex('general_settings').where(AS_MIGRATED).update(FOR_TRYING_OUT);
}
