import type { Knex } from 'knex';

/** How users enrol: general settings, several devices of one user, push tokens that come later, keys that change. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table general_settings (
      -- one row, and never a second one
      id boolean primary key default true check (id),
      enrolment_enabled boolean not null default true,
      unique_pgp_keys_enabled boolean not null default false,
      push_enrolment_enabled boolean not null default true,
      push_enrolment_mode text not null default 'single_device'
        check (push_enrolment_mode in ('single_device', 'override_allowed', 'multiple_devices'))
    );
    insert into general_settings default values;

    -- the mode decides how many enrolments a user may have (db/make-room.ts)
    drop index enrolments_one_device_per_user_and_application;
    create index enrolments_active_of_user on enrolments (user_id, application_id) where revoked_at is null;
    alter table enrolments
      add column key_version integer not null default 1,
      add column has_own_server_key boolean not null default false,
      -- as the app said last
      add column app_version text;

    -- An application that has none here takes every version of its app
    create table app_versions (
      application_id text not null references applications,
      platform text not null check (platform in ('android', 'ios')),
      version text not null,
      status text not null check (status in ('DISABLED', 'LOGIN_ONLY', 'LOGIN_REGISTRATION')),
      application_bundle_identifier text,
      -- in place of the application's
      push_configuration_id uuid references push_configurations,
      primary key (application_id, platform, version)
    );

    -- OpenPGP pairs that the server made for one enrolment alone; all others share the one of server_keys
    create table enrolment_server_keys (
      enrolment_id uuid primary key references enrolments,
      public_key text not null,
      sealed_private_key text not null
    );
  `);
}

/** Fails where users have several devices: which one to give up is not for a migration to say. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table enrolment_server_keys, app_versions;
    alter table enrolments drop column key_version, drop column has_own_server_key, drop column app_version;
    drop index enrolments_active_of_user;
    create unique index enrolments_one_device_per_user_and_application
      on enrolments (user_id, application_id) where revoked_at is null;
    drop table general_settings;
  `);
}
