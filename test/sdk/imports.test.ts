import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const IMPORT = /^\s*(?:import|export)\b[^'"]*?\bfrom\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(/gm;

/** Every file that `entry` brings along, and every package. */
function reachableFrom(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const [, from, bare] of readFileSync(path, 'utf8').matchAll(IMPORT)) {
      const source = from ?? bare ?? 'import()';
      if (source.startsWith('.')) visit(resolve(path, '..', source));
      else packages.add(source);
    }
  };
  visit(join(ROOT, entry));
  return { files: [...files].map((path) => relative(ROOT, path)), packages: [...packages].sort() };
}

it.each(['sdk/index.ts', 'sdk/indexeddb-store.ts'])(
  'runs where there is no Node: %s needs openpgp, jose and hash-wasm at most, and of the server the wire',
  (entry) => {
    const { files, packages } = reachableFrom(entry);
    expect(['hash-wasm', 'jose', 'openpgp']).toEqual(expect.arrayContaining(packages));
    expect(files.filter((file) => !/^(sdk\/|runtime\/device-wire(\.ts$|\/))/.test(file))).toEqual([]);
    expect(files).not.toContain('sdk/file-store.ts');
  },
);

it('names in its package.json what it needs, as the product has it', () => {
  const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  const { dependencies } = read('sdk/package.json');
  expect(Object.keys(dependencies).sort()).toEqual(reachableFrom('sdk/index.ts').packages);
  expect(read('package.json').dependencies).toMatchObject(dependencies);
});
