import type { Knex } from 'knex';

/** The OneSpan surface: its domains, its users with their static passwords, and its visual challenges. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A portal that polls names no address to be called back at
    alter table transactions drop constraint transactions_called_back;

    create table onespan_domains (
      name text primary key,
      -- whose users may be named without a domain
      is_default boolean not null default false,
      -- the mobile application name of the domain
      application_id text not null references applications,
      type_name text not null references authentication_types,
      -- API clients that may use the domain; none: all that have the scope
      client_ids text[] not null,
      request_method text not null check (request_method in
        ('Default', 'KeywordOnly', 'Password', 'KeywordPassword', 'PasswordKeyword', 'None')),
      -- [{keyword, method}]
      keywords jsonb not null,
      transaction_method text not null check (transaction_method in
        ('push', 'push_with_pin', 'push_with_fingerprint')),
      -- 0: as long as the surface allows
      timeout_seconds integer not null check (timeout_seconds between 0 and 300),
      challenge_seconds integer not null check (challenge_seconds between 0 and 300),
      password_max_attempts integer not null check (password_max_attempts between 1 and 100),
      login_title text not null,
      login_subject text not null,
      login_text text not null,
      transaction_title text not null,
      transaction_subject text not null,
      version integer not null default 1
    );
    create unique index onespan_domains_one_default on onespan_domains (is_default) where is_default;

    create table onespan_users (
      -- as enrolments name them
      user_id text primary key,
      domain_name text not null references onespan_domains,
      -- Argon2id over a MAC of the password; null where none is set
      password_hash text,
      password_failures integer not null default 0,
      created_at timestamptz not null default now()
    );

    -- One row for each code that is typed back: nobody waits for it, so it is no transaction
    create table onespan_challenges (
      id uuid primary key,
      client_id text not null,
      user_id text not null,
      enrolment_id uuid not null references enrolments,
      -- digits that the user types on the phone; null where the phone reads a picture
      digits text,
      failures integer not null default 0,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz
    );
    create index onespan_challenges_by_expiry on onespan_challenges (expires_at);
    create index onespan_challenges_of_enrolment on onespan_challenges (enrolment_id, created_at desc);
    create index enrolment_tickets_of_user on enrolment_tickets (client_id, user_id, created_at desc);
  `);
}

/** Fails where transactions without an address to be called back at are kept. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index enrolment_tickets_of_user;
    drop table onespan_challenges, onespan_users, onespan_domains;
    alter table transactions
      add constraint transactions_called_back check (callback_uri is not null or method = 'sms');
  `);
}
