import type { Knex } from 'knex';

/** One-time codes: a transaction that is begun without a user, and belongs to the phone that claims it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table authentication_types drop constraint authentication_types_method_check;
    alter table authentication_types
      add constraint authentication_types_method_check check (method in (
        'push', 'push_with_pin', 'push_with_fingerprint', 'push_with_custom_authenticator', 'push_with_number', 'otp'));

    -- null until a phone has claimed the transaction
    alter table transactions
      alter column user_id drop not null,
      alter column application_id drop not null,
      alter column device_id drop not null,
      alter column enrolment_id drop not null;
  `);
}

/** Fails where such transactions are kept: whose they are is not for a migration to say. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table transactions
      alter column user_id set not null,
      alter column application_id set not null,
      alter column device_id set not null,
      alter column enrolment_id set not null;
    delete from authentication_types where method = 'otp';
    alter table authentication_types drop constraint authentication_types_method_check;
    alter table authentication_types
      add constraint authentication_types_method_check check (method in (
        'push', 'push_with_pin', 'push_with_fingerprint', 'push_with_custom_authenticator', 'push_with_number'));
  `);
}
