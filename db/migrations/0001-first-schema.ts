import type { Knex } from 'knex';

/** Everything a push transaction needs. Sealed columns hold AES-256-GCM text (runtime/sealing.ts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table api_clients (
      id text primary key,
      name text not null,
      -- SHA-256 of a secret of 256 random bits; nothing shorter is accepted, so no slow hash is needed
      secret_sha256 bytea not null,
      scopes text[] not null,
      created_at timestamptz not null default now()
    );

    create table push_configurations (
      id uuid primary key,
      name text not null unique,
      platform text not null check (platform in ('android', 'ios')),
      provider text not null check (provider in ('fcm_http_v1')),
      sealed_settings text not null,
      version integer not null default 1
    );

    create table applications (
      id text primary key,
      name text not null,
      android_push_configuration_id uuid references push_configurations,
      ios_push_configuration_id uuid references push_configurations
    );

    create table authentication_types (
      name text primary key,
      method text not null check (method in ('push')),
      time_to_live_seconds integer not null check (time_to_live_seconds between 1 and 600),
      max_resends integer not null check (max_resends between 0 and 100),
      -- language code -> message
      default_messages jsonb not null default '{}',
      version integer not null default 1
    );

    create table server_keys (
      id uuid primary key,
      purpose text not null check (purpose in ('openpgp')),
      public_key text not null,
      sealed_private_key text not null,
      created_at timestamptz not null default now()
    );
    -- one in use per purpose; two processes that both find none must not both make one
    create unique index server_keys_one_per_purpose on server_keys (purpose);

    create table enrolment_tickets (
      reference uuid primary key,
      secret_sha256 bytea not null,
      user_id text not null,
      application_id text not null references applications,
      client_id text not null references api_clients,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz,
      -- what it was used for, so that the same phone may ask again when the reply was lost
      enrolment_id uuid
    );

    create table devices (
      -- 64 hexadecimal digits, made by the phone; knowing it gives no right
      id text not null,
      application_id text not null references applications,
      name text not null,
      platform text not null check (platform in ('android', 'ios')),
      model text,
      os_version text,
      created_at timestamptz not null default now(),
      primary key (id)
    );

    create table enrolments (
      id uuid primary key,
      user_id text not null,
      application_id text not null references applications,
      device_id text not null references devices,
      pgp_public_key text not null,
      signing_key jsonb not null,
      sealed_push_token text,
      push_token_hmac bytea,
      created_at timestamptz not null default now(),
      revoked_at timestamptz
    );
    create unique index enrolments_one_device_per_user_and_application
      on enrolments (user_id, application_id) where revoked_at is null;
    create unique index enrolments_one_per_push_token
      on enrolments (push_token_hmac) where revoked_at is null and push_token_hmac is not null;
    create index enrolments_by_device on enrolments (device_id);

    -- Proofs seen, so that none is used twice; rows are of no use once the proof is stale
    create table device_proofs (
      enrolment_id uuid not null,
      proof_id text not null,
      expires_at timestamptz not null,
      primary key (enrolment_id, proof_id)
    );
    create index device_proofs_by_expiry on device_proofs (expires_at);

    create table transactions (
      id uuid primary key,
      client_id text not null,
      user_id text not null,
      application_id text not null,
      device_id text not null,
      enrolment_id uuid not null,
      type_name text not null,
      policy_version integer not null,
      method text not null,
      callback_uri text not null,
      sealed_message text not null,
      sealed_secure_message text,
      request_sha256 text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      fetched_by text,
      fetched_at timestamptz,
      status text not null default 'pending'
        check (status in ('pending', 'approved', 'denied', 'failed', 'expired', 'cancelled')),
      -- the final state as the domain has it; null while pending
      outcome jsonb,
      settled_at timestamptz,
      check ((status = 'pending') = (outcome is null))
    );
    create index transactions_pending_of_enrolment on transactions (enrolment_id, created_at desc) where status = 'pending';

    create table evidence (
      transaction_id uuid primary key references transactions,
      enrolment_id uuid not null,
      answer text not null,
      answer_sha256 text not null,
      recorded_at timestamptz not null default now()
    );

    create table push_sends (
      transaction_id uuid not null references transactions,
      step integer not null,
      provider_message_id text,
      failure text,
      sent_at timestamptz not null default now(),
      primary key (transaction_id, step)
    );

    create table callback_attempts (
      transaction_id uuid not null references transactions,
      number integer not null,
      attempted_at timestamptz not null default now(),
      duration_ms integer not null,
      http_status integer,
      failure text
    );
    create index callback_attempts_of_transaction on callback_attempts (transaction_id, attempted_at);

    create table events (
      id bigint generated always as identity primary key,
      name text not null,
      transaction_id uuid,
      user_id text,
      client_id text,
      application_id text,
      device_id text,
      details jsonb,
      occurred_at timestamptz not null default now()
    );
    create index events_of_transaction on events (transaction_id) where transaction_id is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table events, callback_attempts, push_sends, evidence, transactions, device_proofs, enrolments, devices,
      enrolment_tickets, server_keys, authentication_types, applications, push_configurations, api_clients;
  `);
}
