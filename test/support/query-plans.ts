import type { Knex } from 'knex';

/** A step of how PostgreSQL would carry a statement out. */
export interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** Every step, as for a statement that is prepared once and run often: planned without knowing what it binds. */
export async function plansOf(
  knex: Knex,
  { sql, bindings }: { readonly sql: string; readonly bindings: readonly unknown[] },
): Promise<Plan[]> {
  const values = bindings.map((value) => {
    const text = Array.isArray(value) ? `{${value.join(',')}}` : String(value);
    return `'${text.replaceAll("'", "''")}'`;
  });
  let parameter = 0;
  const prepared = sql.replaceAll('?', () => `$${++parameter}`);
  const rows = await knex.transaction(async (transaction) => {
    await transaction.raw('set local plan_cache_mode = force_generic_plan');
    await transaction.raw(`prepare asked as ${prepared}`);
    const given = values.length === 0 ? '' : ` (${values.join(', ')})`;
    const explained = await transaction.raw(`explain (format json) execute asked${given}`);
    await transaction.raw('deallocate asked');
    return explained.rows;
  });
  const all: Plan[] = [];
  const walk = (plan: Plan): void => {
    all.push(plan);
    plan.Plans?.forEach(walk);
  };
  walk(rows[0]['QUERY PLAN'][0].Plan);
  return all;
}

/** Steps that read one of these tables from end to end. */
export function wholeReadsOf(plans: readonly Plan[], ...tables: readonly string[]): Plan[] {
  return plans.filter(
    (plan) => plan['Node Type'].endsWith('Seq Scan') && tables.includes(plan['Relation Name'] as string),
  );
}
