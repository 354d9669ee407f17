import type { Stack } from './stack.ts';

/** PostgreSQL refuses every write to this table meanwhile, as it does on a disk that is full, or takes its time with it. */
export async function whileWriting<Value>(
  { database: { knex } }: Pick<Stack, 'database'>,
  table: 'push_sends' | 'sms_sends' | 'transactions',
  goes: 'wrong' | 'slowly',
  act: () => Promise<Value>,
): Promise<Value> {
  const body = goes === 'wrong' ? `raise exception 'no room' using errcode = 'disk_full'` : 'perform pg_sleep(8)';
  await knex.raw(`
    create function hinder() returns trigger language plpgsql as $$ begin ${body}; return new; end $$;
    create trigger hinder before insert or update on ${table} execute function hinder();
  `);
  try {
    return await act();
  } finally {
    await knex.raw(`drop trigger hinder on ${table}; drop function hinder();`);
  }
}
