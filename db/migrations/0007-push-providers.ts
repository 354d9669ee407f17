import type { Knex } from 'knex';

/** More push providers than one, tries that are counted, tokens that end, and configurations that raise an alarm. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table push_configurations drop constraint push_configurations_provider_check;
    alter table push_configurations
      add constraint push_configurations_provider_check check (provider in ('fcm_http_v1', 'fcm_legacy', 'apns')),
      -- when operators were last told that the provider does not take it
      add column alarmed_at timestamptz;

    alter table push_sends
      add column attempts integer not null default 1,
      -- our word for the provider's last refusal
      add column provider_code text;

    -- a provider may say since when a token is gone: one that was set later is another one
    alter table enrolments
      add column push_token_set_at timestamptz,
      -- the one that its provider did not know any more: the phone may still name it as the one to be replaced
      add column gone_push_token_hmac bytea;
    update enrolments set push_token_set_at = created_at where push_token_hmac is not null;
  `);
}

/** Fails where configurations of the newer providers are left. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table enrolments drop column push_token_set_at, drop column gone_push_token_hmac;
    alter table push_sends drop column attempts, drop column provider_code;
    alter table push_configurations drop constraint push_configurations_provider_check;
    alter table push_configurations
      add constraint push_configurations_provider_check check (provider in ('fcm_http_v1')),
      drop column alarmed_at;
  `);
}
