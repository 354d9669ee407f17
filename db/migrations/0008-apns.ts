import type { Knex } from 'knex';

/** Apple's push service: how an app version is reached by it, and the provider tokens that all workers share. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table app_versions
      -- such an app gets its device tokens from the development environment, and only there are they known
      add column use_apns_development_environment boolean not null default false,
      add column send_badge_number boolean not null default false;

    create table apns_provider_tokens (
      -- team, key id, and hash of the key itself: a key that is put right is another signer
      signer text primary key,
      sealed_token text not null,
      issued_at timestamptz not null
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table apns_provider_tokens;
    alter table app_versions drop column use_apns_development_environment, drop column send_badge_number;
  `);
}
