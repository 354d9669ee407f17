import { inspect } from 'node:util';
import { createKnex, rows } from '../../db/knex.ts';

it('prepares a statement once on each connection, whatever it is called with', async () => {
  const knex = createKnex({ connectionString: process.env.TEST_DATABASE_URL as string, poolSize: 1 });
  try {
    for (const number of [1, 2, 3]) {
      expect(await rows(knex, 'select ?::int * 2 as doubled', [number])).toEqual([{ doubled: number * 2 }]);
    }
    const { rows: prepared } = await knex.raw(
      'select statement, generic_plans + custom_plans as uses from pg_prepared_statements',
    );
    expect(prepared).toEqual([{ statement: 'select $1::int * 2 as doubled', uses: '3' }]);
  } finally {
    await knex.destroy();
  }
});

it('gives a statement two seconds, and says which kind of failure it was', async () => {
  const knex = createKnex({ connectionString: process.env.TEST_DATABASE_URL as string, poolSize: 1 });
  try {
    await expect(knex.raw('select pg_sleep(30)')).rejects.toThrow(/timeout/);
  } finally {
    await knex.destroy();
  }
});

it('tells which statement failed, and nothing of what it was called with', async () => {
  const knex = createKnex({ connectionString: process.env.TEST_DATABASE_URL as string, poolSize: 1 });
  try {
    const sql = 'select ?::text, 1 / ?::int';
    for (const statement of [() => rows(knex, sql, ['PERSONAL', 0]), () => knex.raw(sql, ['PERSONAL', 0])]) {
      const error = await statement().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error)).toContain('select $1::text');
      expect(inspect(error)).not.toContain('PERSONAL');
    }
  } finally {
    await knex.destroy();
  }
});
