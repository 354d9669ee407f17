import type { Knex } from 'knex';

/** Which portals are still to be told, so that nobody has to look for them among all that was settled. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Portals that had not been told two minutes after the outcome. A row is no more than a hint: what counts is the log
    create table callbacks_owed (
      transaction_id uuid primary key references transactions on delete cascade,
      expires_at timestamptz not null,
      -- its workflow is not asked after before
      look_at timestamptz not null default now()
    );
    create index callbacks_owed_by_deadline on callbacks_owed (expires_at, transaction_id);

    -- One row: what was settled before has been looked at
    create table callbacks_looked_at (
      is_only boolean primary key default true check (is_only),
      settled_before timestamptz not null
    );
    insert into callbacks_looked_at (settled_before) values (now() - interval '72 hours');
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table callbacks_looked_at, callbacks_owed');
}
