import type { Knex } from 'knex';

/** Sessions of operators, and what the console lists transactions and counts what happened by: one index for each filter. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table console_sessions (
      -- SHA-256 of 256 random bits, which the browser alone has
      id_sha256 bytea primary key,
      -- who let the operator in: an identity provider, or the configured account as it was
      authority text not null,
      -- by which the authority knows the operator
      subject text not null,
      -- as pages and events show the operator
      name text not null,
      scopes text[] not null,
      created_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create index console_sessions_of_operator on console_sessions (authority, subject, created_at);
    create index console_sessions_by_expiry on console_sessions (expires_at);
    create index console_sessions_by_age on console_sessions (last_seen_at);

    -- By another expression than the others: a list by a rare type must not be looked for among all by time, which the
    -- planner, who does not know what a prepared statement binds, would otherwise hold to be cheaper
    create index transactions_by_time on transactions ((created_at at time zone 'UTC'), id) include (created_at);
    create index transactions_of_user on transactions (user_id, created_at, id);
    create index transactions_of_device on transactions (device_id, created_at, id);
    create index transactions_of_client on transactions (client_id, created_at, id);
    create index transactions_of_type on transactions (type_name, created_at, id);
    create index transactions_by_status on transactions (status, created_at, id);
    create index transactions_by_method on transactions (method, created_at, id);
    create index transactions_by_settlement on transactions (settled_at) include (status, created_at)
      where settled_at is not null;

    create index push_sends_by_time on push_sends (sent_at) include (failure);
    create index push_sends_failed_by_age on push_sends (sent_at) where failure is not null;
    create index sms_sends_failed_by_age on sms_sends (ended_at) where failure is not null;
    create index sms_sends_undelivered_by_age on sms_sends (started_at)
      where delivery_stage in ('undelivered', 'failed');
    create index callback_attempts_by_time on callback_attempts (attempted_at) include (failure);
    create index callback_addresses_quarantined on callback_address_health (quarantined_at)
      where quarantined_at is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index callback_addresses_quarantined, callback_attempts_by_time, sms_sends_undelivered_by_age,
      sms_sends_failed_by_age, push_sends_failed_by_age, push_sends_by_time, transactions_by_settlement,
      transactions_by_method, transactions_by_status, transactions_of_type, transactions_of_client,
      transactions_of_device, transactions_of_user, transactions_by_time;
    drop table console_sessions;
  `);
}
