import type { Knex } from 'knex';

const ADMINISTERED = ['callback_addresses', 'locales', 'translations'];

/** Callback addresses and texts are administered like the rest of the configuration. */
export async function up(knex: Knex): Promise<void> {
  for (const table of ADMINISTERED) await knex.raw('select countersign_administer(?)', [table]);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ADMINISTERED) {
    await knex.raw(`
      drop trigger countersign_tell on ${table};
      drop trigger countersign_revise on ${table};
      alter table ${table} drop column revision;
    `);
  }
}
