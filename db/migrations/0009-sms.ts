import type { Knex } from 'knex';

/** Codes by SMS: what types, general settings and transactions need for them, gateways, sends and budgets. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table authentication_types drop constraint authentication_types_method_check;
    alter table authentication_types
      add constraint authentication_types_method_check check (method in (
        'push', 'push_with_pin', 'push_with_fingerprint', 'push_with_custom_authenticator', 'push_with_number',
        'otp', 'sms')),
      -- what is done when the push can not be handed over
      add column fallback text not null default 'none' check (fallback in ('none', 'sms')),
      -- codes that may be tried; 0: no limit of the type's own, the engine's ceiling stands
      add column max_attempts integer not null default 3 check (max_attempts between 0 and 100),
      -- in place of the general one
      add column sms_sender_id text check (length(sms_sender_id) between 1 and 50),
      -- host of the page that may read the code out of the message by itself
      add column webotp_origin_host text
        check (webotp_origin_host ~ '^[a-z0-9.-]{1,253}$'),
      add constraint authentication_types_fallback_of_push check (fallback = 'none' or method like 'push%');

    alter table general_settings
      add column sms_authentication_enabled boolean not null default false,
      add column sms_sender_id text check (length(sms_sender_id) between 1 and 50),
      -- sender to fall back on where the gateway refuses the other one
      add column sms_default_number text check (length(sms_default_number) between 1 and 50),
      -- ISO 3166 alpha-2; null allows all
      add column sms_allowed_countries text[]
        check (array_to_string(sms_allowed_countries, ',', '-') ~ '^$|^[A-Z]{2}(,[A-Z]{2})*$'),
      add column sms_per_number_per_hour integer not null default 10
        check (sms_per_number_per_hour between 1 and 1000),
      add column sms_per_client_per_hour integer not null default 1000
        check (sms_per_client_per_hour between 1 and 1000000),
      add column sms_per_day integer not null default 10000 check (sms_per_day between 1 and 10000000);

    create table sms_gateways (
      id uuid primary key,
      name text not null unique,
      kind text not null check (kind in ('twilio', 'rest', 'console')),
      sealed_settings text not null,
      -- 1 is asked first, 2 where that one can not send
      rank integer not null check (rank in (1, 2)),
      version integer not null default 1,
      constraint sms_gateways_one_per_rank unique (rank) deferrable
    );

    alter table transactions
      -- SMS asks no phone of ours, and calls nobody back
      alter column callback_uri drop not null,
      add constraint transactions_asked_of_an_enrolment check (enrolment_id is not null or method in ('otp', 'sms')),
      add constraint transactions_called_back check (callback_uri is not null or method = 'sms'),
      add column sealed_phone_number text,
      add column sms_failures integer not null default 0,
      -- the tried code that the approval rests on
      add column approved_by_attempt text;

    create table sms_sends (
      transaction_id uuid not null references transactions,
      step integer not null,
      -- a step whose run was lost may be run once more
      runs integer not null default 1,
      started_at timestamptz not null default now(),
      gateway text,
      provider_message_id text,
      failure text,
      provider_code text,
      ended_at timestamptz,
      -- as the gateway tells afterwards, which may be before the hand-over itself is recorded
      delivery_stage text check (delivery_stage in
        ('accepted', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed')),
      delivery_code text,
      -- stage -> when it was told, RFC 3339
      delivery_times jsonb not null default '{}',
      primary key (transaction_id, step)
    );

    create table sms_budgets (
      scope text not null check (scope in ('number', 'client', 'day')),
      -- MAC of the number, id of the client, nothing
      key text not null,
      window_start timestamptz not null,
      used integer not null,
      -- when operators were told that it is used up
      alarmed_at timestamptz,
      primary key (scope, key, window_start)
    );
    create index sms_budgets_by_age on sms_budgets (window_start);

    -- One row for each code that was tried: the same request run again is not charged again
    create table sms_attempts (
      id text primary key,
      transaction_id uuid not null references transactions,
      -- its event is written
      told_wrong boolean not null default false,
      charged_at timestamptz not null default now()
    );
    create index sms_attempts_of_transaction on sms_attempts (transaction_id);
  `);
}

/** Fails where there are transactions that only SMS can have. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table sms_attempts, sms_budgets, sms_sends, sms_gateways;
    alter table transactions
      drop column sealed_phone_number, drop column sms_failures, drop column approved_by_attempt,
      drop constraint transactions_asked_of_an_enrolment, drop constraint transactions_called_back,
      alter column callback_uri set not null;
    delete from authentication_types where method = 'sms';
    alter table general_settings
      drop column sms_authentication_enabled, drop column sms_sender_id, drop column sms_default_number,
      drop column sms_allowed_countries, drop column sms_per_number_per_hour, drop column sms_per_client_per_hour,
      drop column sms_per_day;
    alter table authentication_types
      drop constraint authentication_types_fallback_of_push,
      drop column fallback, drop column max_attempts, drop column sms_sender_id, drop column webotp_origin_host,
      drop constraint authentication_types_method_check;
    alter table authentication_types
      add constraint authentication_types_method_check check (method in (
        'push', 'push_with_pin', 'push_with_fingerprint', 'push_with_custom_authenticator', 'push_with_number', 'otp'));
  `);
}
