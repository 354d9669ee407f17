import type { Knex } from 'knex';

/** Callback addresses as they are configured, deliveries that portals ask for again, and addresses that keep failing. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table general_settings add column only_preconfigured_callbacks boolean not null default false;

    create table callback_addresses (
      id uuid primary key,
      -- by which operators know it
      name text not null unique,
      -- matches the callback_uri of a begin character for character
      url text not null unique check (octet_length(url) <= 2048),
      -- HTTP Basic; no user name may hold a colon (RFC 7617)
      username text check (username <> '' and strpos(username, ':') = 0),
      sealed_password text,
      -- Standard Webhooks, whsec_…; two while one replaces the other, and then both sign
      sealed_webhook_secret text,
      sealed_previous_webhook_secret text,
      version integer not null default 1,
      check ((username is null) = (sealed_password is null)),
      check (sealed_previous_webhook_secret is null or sealed_webhook_secret is not null)
    );

    -- 0: the callback itself; from 1 on: each time its portal asked for it once more
    alter table callback_attempts add column delivery integer not null default 0;
    create table callback_redeliveries (
      transaction_id uuid not null references transactions on delete cascade,
      number integer not null check (number between 1 and 20),
      -- who made this row: the same request again is let in, another one is not
      request_id uuid not null,
      requested_at timestamptz not null default now(),
      primary key (transaction_id, number)
    );

    -- Only addresses that have failed since they last took a callback
    create table callback_address_health (
      -- scheme, host, port and path; no query
      address text primary key,
      consecutive_failures integer not null default 1,
      failing_since timestamptz not null default now(),
      last_failed_at timestamptz not null default now(),
      last_failure text not null,
      -- null: not in quarantine, as all that follows
      quarantined_at timestamptz,
      next_trial_at timestamptz,
      trials integer not null default 0,
      check ((quarantined_at is null) = (next_trial_at is null))
    );
    create index callback_address_health_by_age on callback_address_health (last_failed_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table callback_address_health, callback_redeliveries, callback_addresses;
    alter table callback_attempts drop column delivery;
    alter table general_settings drop column only_preconfigured_callbacks;
  `);
}
