import type { Knex } from 'knex';

/** Tables that operators administer, and the one that only tells of its changes. */
const ADMINISTERED = [
  'features',
  'general_settings',
  'authentication_types',
  'push_configurations',
  'applications',
  'app_versions',
  'api_clients',
  'sms_gateways',
];

/** Configuration that is changed while everything runs: revisions, notifications, features, more than one secret or key. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create sequence configuration_revisions;

    create function countersign_new_revision() returns trigger language plpgsql as $$
    begin
      new.revision := nextval('configuration_revisions');
      return new;
    end $$;

    -- one channel for everything; what has changed is the name of the table
    create function countersign_tell_change() returns trigger language plpgsql as $$
    begin
      perform pg_notify('countersign_configuration', tg_table_name);
      return null;
    end $$;

    create function countersign_tell_changes_of(target regclass) returns void language plpgsql as $$
    begin
      execute format('create trigger countersign_tell after insert or update or delete or truncate on %s
        for each statement execute function countersign_tell_change()', target);
    end $$;

    -- Gives a table what administration needs: a revision that no two states of any row share, and notifications
    create function countersign_administer(target regclass) returns void language plpgsql as $$
    begin
      execute format('alter table %s add column revision bigint not null
        default nextval(''configuration_revisions'')', target);
      execute format('create trigger countersign_revise before update on %s
        for each row execute function countersign_new_revision()', target);
      perform countersign_tell_changes_of(target);
    end $$;

    create table features (
      -- one row, and never a second one
      id boolean primary key default true check (id),
      mobile_authentication boolean not null default true,
      transaction_signing boolean not null default true,
      geolocation boolean not null default true,
      custom_authenticators boolean not null default true,
      push_authorization boolean not null default true
    );
    insert into features default values;

    alter table api_clients
      alter column secret_sha256 drop not null,
      -- good beside the newer one until then, so that a portal changes over without a gap
      add column previous_secret_sha256 bytea,
      add column previous_secret_expires_at timestamptz,
      -- public keys (RFC 7517) whose assertions (RFC 7523) prove the client
      add column jwks jsonb,
      add constraint api_clients_previous_secret_check
        check ((previous_secret_sha256 is null) = (previous_secret_expires_at is null));
    -- with a client its tickets end
    alter table enrolment_tickets
      drop constraint enrolment_tickets_client_id_fkey,
      add constraint enrolment_tickets_client_id_fkey
        foreign key (client_id) references api_clients on delete cascade;
    create index enrolment_tickets_of_client on enrolment_tickets (client_id);

    -- Assertions seen, so that none is used twice; rows are of no use once the assertion is stale
    create table client_assertions (
      client_id text not null,
      assertion_id text not null,
      expires_at timestamptz not null,
      primary key (client_id, assertion_id)
    );
    create index client_assertions_by_expiry on client_assertions (expires_at);

    -- A retired key makes nothing new; what it made is verified with it
    alter table server_keys add column retired_at timestamptz;
    drop index server_keys_one_per_purpose;
    create unique index server_keys_one_per_purpose on server_keys (purpose) where retired_at is null;
    select countersign_tell_changes_of('server_keys');
  `);
  for (const table of ADMINISTERED) await knex.raw('select countersign_administer(?)', [table]);
}

/** Fails where a client has no secret: which one to give it is not for a migration to say. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop trigger countersign_tell on server_keys;
    delete from server_keys where retired_at is not null;
    drop index server_keys_one_per_purpose;
    alter table server_keys drop column retired_at;
    create unique index server_keys_one_per_purpose on server_keys (purpose);
    drop table client_assertions;
    drop index enrolment_tickets_of_client;
    alter table enrolment_tickets
      drop constraint enrolment_tickets_client_id_fkey,
      add constraint enrolment_tickets_client_id_fkey foreign key (client_id) references api_clients;
  `);
  for (const table of ADMINISTERED) {
    await knex.raw(`
      drop trigger countersign_tell on ${table};
      drop trigger countersign_revise on ${table};
      alter table ${table} drop column revision;
    `);
  }
  await knex.raw(`
    alter table api_clients
      drop constraint api_clients_previous_secret_check,
      drop column previous_secret_sha256, drop column previous_secret_expires_at, drop column jwks,
      alter column secret_sha256 set not null;
    drop table features;
    drop function countersign_administer(regclass), countersign_tell_changes_of(regclass),
      countersign_tell_change(), countersign_new_revision();
    drop sequence configuration_revisions;
  `);
}
