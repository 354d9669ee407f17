import type { Knex } from 'knex';

/** Languages, and the texts that are kept in them: the template that adds to the secure message where a request comes from. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- ISO 639; English is the last resort of all texts
    create table locales (code text primary key check (code ~ '^[a-z]{2,3}$'));
    insert into locales values ('en'), ('nl'), ('fr'), ('de');

    create table translations (
      key text not null check (length(key) between 1 and 255),
      locale text not null references locales on delete cascade on update cascade,
      value text not null check (length(value) <= 1024),
      primary key (key, locale)
    );
    insert into translations (key, locale, value)
    select 'mobileAuthentication.confirmation.template', * from (values
      ('en', E'[message]{\\nAsked with: [device]}{\\nAsked from: [location]}'),
      ('nl', E'[message]{\\nGevraagd met: [device]}{\\nGevraagd vanuit: [location]}'),
      ('fr', E'[message]{\\nDemandé avec : [device]}{\\nDemandé depuis : [location]}'),
      ('de', E'[message]{\\nAngefragt mit: [device]}{\\nAngefragt aus: [location]}')) as defaults;

    -- language code -> template, in place of the one for all types
    alter table authentication_types add column confirmation_templates jsonb not null default '{}';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table authentication_types drop column confirmation_templates;
    drop table translations, locales;
  `);
}
