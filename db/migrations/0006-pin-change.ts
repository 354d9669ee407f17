import type { Knex } from 'knex';

/** A PIN can be changed: its attempts belong to no transaction, and the phone must learn whether a change came through. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- null: an attempt to change the PIN
    alter table answer_attempts alter column transaction_id drop not null;
    -- named by the phone, at random: tells nothing of the PIN or its key
    alter table enrolments add column pin_change_id uuid;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table enrolments drop column pin_change_id;
    delete from answer_attempts where transaction_id is null;
    alter table answer_attempts alter column transaction_id set not null;
  `);
}
