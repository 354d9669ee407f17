import type { Knex } from 'knex';

/** How often one user may be asked by push, and what is kept of it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table general_settings
      add column push_limits_enabled boolean not null default true,
      -- pushes that may wait for one user at the same time
      add column push_max_pending integer not null default 5 check (push_max_pending between 1 and 100),
      -- denied or ignored ones in a row that cost no wait
      add column push_free_misses integer not null default 3 check (push_free_misses between 0 and 100),
      -- after the first one beyond those; doubles with each
      add column push_first_wait_seconds integer not null default 30
        check (push_first_wait_seconds between 1 and 3600),
      add column push_longest_wait_seconds integer not null default 3600
        check (push_longest_wait_seconds between 1 and 86400),
      add column push_blocked_by_not_me boolean not null default true;

    -- Nobody is here who was never asked, so that no portal fills it with names
    create table asked_users (
      user_id text primary key,
      -- transaction id -> deadline, epoch ms
      pending jsonb not null default '{}',
      misses integer not null default 0,
      last_miss_at timestamptz,
      blocked_at timestamptz,
      version bigint not null default 1,
      changed_at timestamptz not null default now()
    );
    create index asked_users_by_age on asked_users (changed_at) where blocked_at is null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table asked_users;
    alter table general_settings
      drop column push_limits_enabled, drop column push_max_pending, drop column push_free_misses,
      drop column push_first_wait_seconds, drop column push_longest_wait_seconds, drop column push_blocked_by_not_me;
  `);
}
