import type { Knex } from 'knex';

/** What retention finds tickets, and charged attempts to change a PIN, by: neither goes with a transaction. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index enrolment_tickets_by_expiry on enrolment_tickets (expires_at);
    create index answer_attempts_of_pin_changes_by_age on answer_attempts (charged_at) where transaction_id is null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index enrolment_tickets_by_expiry, answer_attempts_of_pin_changes_by_age');
}
