import { existsSync, readFileSync } from 'node:fs';

/** A line of a table of compatibility. */
export interface CompatibilityRow {
  /** First cell, without its backticks. */
  readonly name: string;
  readonly state: string;
  readonly note: string;
  /** `file › beginning of a title`, or nothing. */
  readonly test: string;
}

/** The lines of the table below a heading of a document. */
export function compatibilityRows(document: string, heading: string): CompatibilityRow[] {
  const section = readFileSync(document, 'utf8').split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [name = '', state = '', note = '', test = ''] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { name: name.slice(1, -1), state, note, test };
    });
}

/** Whether there is a test below `folder` whose title begins so; a title may stand after the rows of `it.each`. */
export function hasTest(folder: string, test: string): boolean {
  const [file, title = ''] = test.split(' › ');
  const path = `${folder}/${file}.test.ts`;
  if (title === '' || !existsSync(path)) return false;
  const titles = readFileSync(path, 'utf8').matchAll(/(?:\bit\(\s*|\)\(\s*)(['"`])((?:\\.|(?!\1).)+)\1/g);
  return [...titles].some(([, , name = '']) => name.startsWith(title));
}
