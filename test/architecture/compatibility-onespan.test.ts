import { readFileSync } from 'node:fs';
import { ONESPAN_REFUSALS } from '../../runtime/onespan-errors.ts';
import { hasTest } from '../support/compatibility-table.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const DOCUMENT = read('docs/compatibility-onespan.md');

/** Rows of the table below a heading, each a list of its cells. */
function rowsOf(heading: string): string[][] {
  const section = DOCUMENT.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

const firstOf = (cells: readonly string[]): string => (cells[0] as string).slice(1, -1);

describe('the table of OneSpan compatibility', () => {
  it('lists every endpoint that is served, and calls none served that is not', () => {
    const router = read('api/routes/onespan/router.ts');
    const served = [...router.matchAll(/router\.(get|post)\('([^']+)'/g)].map(
      ([, method, path]) => `${method?.toUpperCase()} /v1${path?.replace(/:(\w+)/g, '{$1}')}`,
    );
    const listed = rowsOf('Endpoints').filter(([, state]) => state !== 'not');
    expect(served.length).toBeGreaterThan(10);
    expect(listed.map(firstOf).sort()).toEqual(served.sort());
  });

  it('lists every message that is told, and calls none told that is not', () => {
    const told = rowsOf('Messages of a 409').filter(([, state]) => state !== 'not');
    expect(told.map(firstOf).sort()).toEqual(Object.values(ONESPAN_REFUSALS).sort());
  });

  it('lists every session status', () => {
    const source = read('api/routes/onespan/session-status.ts');
    const [union = ''] = /export type SessionStatus = .*/.exec(source) ?? [];
    const statuses = [...union.matchAll(/'(\w+)'/g)].map(([, status]) => status);
    expect(statuses).toHaveLength(6);
    expect(rowsOf('Session status').map(firstOf).sort()).toEqual(statuses.sort());
  });

  it.each(['Endpoints', 'Fields of a login', 'Session status', 'Messages of a 409'])(
    'names a test that exists for each line of %s that is kept',
    (heading) => {
      for (const cells of rowsOf(heading)) {
        const row = firstOf(cells);
        const test = cells.at(-1) as string;
        if (test === '') {
          expect({ row, state: cells[1] }).toEqual({ row, state: 'not' });
          continue;
        }
        expect({ row, test, exists: hasTest('test/e2e', test) }).toEqual({ row, test, exists: true });
      }
    },
  );
});
