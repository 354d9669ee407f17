import type { Knex } from 'knex';

/** Transaction signing, PIN and number: what types, applications, enrolments and transactions need for them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table authentication_types drop constraint authentication_types_method_check;
    alter table authentication_types
      add constraint authentication_types_method_check check (method in (
        'push', 'push_with_pin', 'push_with_fingerprint', 'push_with_custom_authenticator', 'push_with_number')),
      add column transaction_signing boolean not null default false,
      add column number_digits integer not null default 2 check (number_digits between 2 and 6);

    -- 0: no limit of the application's own; the engine's ceiling stands
    alter table applications
      add column pin_max_attempts integer not null default 3 check (pin_max_attempts between 0 and 10),
      add column fingerprint_enabled boolean not null default true,
      -- address and secret of the verifier, sealed; null where there is none
      add column sealed_custom_authenticator text;

    alter table enrolments
      -- Ed25519, base64url; the phone's half is nowhere but under the PIN
      add column pin_public_key text,
      add column pin_failures integer not null default 0,
      -- P-256, JWK; made and kept by the phone's secure hardware
      add column biometric_key jsonb;

    alter table transactions
      add column sealed_signing_data text,
      add column number_failures integer not null default 0;

    -- One row for each attempt that was charged: the same answer sent again is not charged again
    create table answer_attempts (
      answer_sha256 text primary key,
      transaction_id uuid not null references transactions,
      enrolment_id uuid not null,
      kind text not null check (kind in ('pin', 'number')),
      charged_at timestamptz not null default now()
    );
    create index answer_attempts_of_transaction on answer_attempts (transaction_id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table answer_attempts;
    alter table transactions drop column sealed_signing_data, drop column number_failures;
    alter table enrolments drop column pin_public_key, drop column pin_failures, drop column biometric_key;
    alter table applications drop column pin_max_attempts, drop column fingerprint_enabled,
      drop column sealed_custom_authenticator;
    alter table authentication_types drop constraint authentication_types_method_check;
    alter table authentication_types
      add constraint authentication_types_method_check check (method in ('push')),
      drop column transaction_signing, drop column number_digits;
  `);
}
