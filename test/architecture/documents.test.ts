import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONFIGURATION_KEYS } from '../../runtime/config.ts';
import { ERRORS, MOBILE_AUTHENTICATION_ERRORS } from '../../runtime/errors.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const DOCUMENTS = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** First cells of the rows of every table in a document. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] as string);
}

describe('the documents', () => {
  it('list every error code, and none that does not exist', () => {
    const documented = firstCells(read('docs/errors.md'));
    const existing = [...Object.keys(ERRORS), ...Object.keys(MOBILE_AUTHENTICATION_ERRORS)];
    expect([...documented].sort()).toEqual([...existing].sort());
  });

  it('give the HTTP status that each error code really has', () => {
    const text = read('docs/errors.md');
    for (const [code, { status }] of Object.entries({ ...ERRORS, ...MOBILE_AUTHENTICATION_ERRORS })) {
      expect(text).toMatch(new RegExp(`^\\| \`${code}\` \\| ${status} \\|`, 'm'));
    }
  });

  it('explain every configuration key in .env.example and in docs/operations.md', () => {
    const example = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
    for (const key of CONFIGURATION_KEYS) expect(example).toContain(key);
    const documented = firstCells(read('docs/operations.md'));
    expect(documented.filter((key) => /^[A-Z]+_[A-Z_]+$/.test(key)).sort()).toEqual([...CONFIGURATION_KEYS].sort());
  });

  it('name only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const known = [...Object.keys(scripts), 'ci', 'install'];
    for (const document of DOCUMENTS) {
      const named = read(document).matchAll(/\bnpm (?:run (?:-s |--silent )?([a-z][\w:-]*)|(start|test|ci)\b)/g);
      for (const [whole, script, command = script] of named) {
        expect({ document, whole, known: known.includes(command as string) }).toEqual({ document, whole, known: true });
      }
    }
  });

  it('link only to files that exist', () => {
    for (const document of DOCUMENTS) {
      for (const [, target] of read(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)) {
        const path = join(dirname(document), target as string);
        expect({ document, target, exists: existsSync(path) }).toEqual({ document, target, exists: true });
      }
    }
  });

  it('are all reached from the README, and name every command', () => {
    const readme = read('README.md');
    for (const document of DOCUMENTS.filter((path) => path !== 'README.md')) {
      expect({ document, isReached: readme.includes(`](${document})`) }).toEqual({ document, isReached: true });
    }
    const all = DOCUMENTS.map(read).join('\n');
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const [script, command] of Object.entries(scripts)) {
      const isNamed =
        new RegExp(`npm (?:run (?:-s |--silent )?)?${script}(?![\\w:-])`).test(all) || all.includes(command);
      expect({ script, isNamed }).toEqual({ script, isNamed: true });
    }
  });

  it('name only scripts whose files exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const command of Object.values(scripts)) {
      for (const [, file] of command.matchAll(/node (?:--\S+ )*([\w/.-]+\.(?:ts|js))/g)) {
        expect({ command, exists: existsSync(file as string) }).toEqual({ command, exists: true });
      }
    }
  });
});
