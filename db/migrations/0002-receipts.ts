import type { Knex } from 'knex';

/** Signed receipts of settled transactions, and the server's key that signs them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table server_keys
      drop constraint server_keys_purpose_check,
      add constraint server_keys_purpose_check check (purpose in ('openpgp', 'evidence'));

    create table receipts (
      transaction_id uuid primary key references transactions,
      -- compact JWS; holds hashes of what was shown, never the text
      receipt text not null,
      created_at timestamptz not null default now()
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table receipts;
    delete from server_keys where purpose = 'evidence';
    alter table server_keys
      drop constraint server_keys_purpose_check,
      add constraint server_keys_purpose_check check (purpose in ('openpgp'));
  `);
}
