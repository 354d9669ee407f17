import type { Knex } from 'knex';

/** All rows of all tables as text, bytes in hexadecimal, one row a line after the name of its table. */
export async function dumpDatabase(knex: Knex): Promise<string> {
  const tables = await knex('pg_tables').where({ schemaname: 'public' }).select('tablename');
  const lines: string[] = [];
  for (const { tablename } of tables) {
    const { rows } = await knex.raw('select to_jsonb(t)::text as line from ?? t', [tablename]);
    lines.push(...rows.map(({ line }: { line: string }) => `${tablename}: ${line}`));
  }
  return lines.join('\n');
}

/** The usual writings of a secret: plain, hexadecimal, and base64 wherever it may begin. */
export function writingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // base64 shifts with what stands before it; a part from the middle is looked for in all three positions.
  const inBase64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [secret, bytes.toString('hex'), ...inBase64.filter((text) => text.length >= 8)];
}
