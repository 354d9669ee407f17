import { existsSync, readFileSync } from 'node:fs';

const text = readFileSync('docs/security.md', 'utf8');

/** Cells of the table rows under a heading. */
function rowsUnder(heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading));
  return [...(section ?? '').matchAll(/^\| (\d[^\n]*)\|$/gm)].map(([, row]) =>
    (row as string).split(' | ').map((cell) => cell.trim()),
  );
}

const LINES = [...rowsUnder('OWASP ASVS 5.0'), ...rowsUnder('Transaction authorization')];
/** A test as tables name it: its file, and words of its name. */
const NAMED_TEST = /^`(test\/[^`]+\.test\.ts)`: (.+)$/;

it('every test that docs/security.md mentions exists', () => {
  const files = [...text.matchAll(/`(test\/[^`]+\.ts)`/g)].map((match) => match[1] as string);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it('the tables have every line of what they follow, in order and once', () => {
  const counts = [3, 12, 8, 6, 8, 4, 2, 4];
  const asvs = counts.flatMap((count, section) =>
    Array.from({ length: count }, (_, index) => `6.${section + 1}.${index + 1}`),
  );
  const authorization = [5, 10].flatMap((count, part) =>
    Array.from({ length: count }, (_, index) => `${part + 1}.${index + 1}`),
  );
  expect(LINES.map(([line]) => line)).toEqual([...asvs, ...authorization]);
});

it.each(LINES)('line %s (%s) says how it is met, and by which test', (_line, asks, here, test) => {
  expect(asks).not.toBe('');
  expect(here).not.toBe('');
  if (test === undefined || test === '' || test === '|') return;
  const [, file, words] = NAMED_TEST.exec(test) ?? [];
  expect(words).toBeDefined();
  expect(readFileSync(file as string, 'utf8')).toContain(words);
});

it('what has no test is what is not done here, or not by code', () => {
  const untested = LINES.filter(([, , , test]) => !NAMED_TEST.test(test ?? '')).map(([line]) => line);
  expect(untested).toEqual([
    ...['6.1.2', '6.2.1', '6.2.5', '6.2.6', '6.2.7', '6.2.9', '6.2.10', '6.2.11', '6.2.12', '6.3.2', '6.3.6'],
    ...['6.4.2', '6.4.5', '6.5.8', '6.8.1', '6.8.3', '6.8.4'],
  ]);
});
