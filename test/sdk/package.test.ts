import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packSdk } from '../../dev/pack-sdk.ts';

const ROOT = resolve(import.meta.dirname, '../..');

let folder: string;
let installed: string;

/** The package as an app has it: its archive unpacked, beside what it depends on and nothing else. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  const archive = packSdk(join(folder, 'packed'));
  installed = join(folder, 'node_modules', 'countersign-device');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['xzf', archive, '-C', installed, '--strip-components', '1']);
  const { dependencies } = manifest();
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = () => JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));

function write(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

it('has the version of the product, its licence and its guide', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(manifest()).toMatchObject({ name: 'countersign-device', version, license: 'Apache-2.0' });
  expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toContain('Apache License');
  expect(readFileSync(join(installed, 'README.md'), 'utf8')).toBe(readFileSync(join(ROOT, 'docs/sdk.md'), 'utf8'));
});

it('is imported by plain Node, and makes a client', () => {
  const script = write(
    'use.mjs',
    "import { createDeviceClient, createMobileAuth, createMemoryStore } from 'countersign-device';",
    "import { createFileStore } from 'countersign-device/file-store';",
    "import { createIndexedDbStore } from 'countersign-device/indexeddb-store';",
    "const store = createFileStore('phone.json');",
    "const client = createDeviceClient({ serverUrl: 'https://auth.example', store });",
    'const auth = createMobileAuth({ client, receivers: {} });',
    'console.log(await auth.isEnrolledForMobileAuth(), typeof createMemoryStore, typeof createIndexedDbStore);',
  );
  const output = execFileSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });
  expect(output).toBe('false function function\n');
});

it('has types that an app is checked against', () => {
  write(
    'use.mts',
    "import { createDeviceClient, createMobileAuth, createMemoryStore, type Receivers } from 'countersign-device';",
    "import { createIndexedDbStore } from 'countersign-device/indexeddb-store';",
    "const receivers: Receivers = { onPin: (challenge) => challenge.accept('48151') };",
    "const client = createDeviceClient({ serverUrl: 'https://auth.example', store: createMemoryStore() });",
    'createMobileAuth({ client, receivers });',
    '// @ts-expect-error: a store is no number',
    'export const store: number = createIndexedDbStore();',
  );
  const compiler = join(ROOT, 'node_modules/typescript-7/bin/tsc');
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--lib', 'es2024,dom', 'use.mts'];
  expect(() => execFileSync(process.execPath, [compiler, ...options], { cwd: folder, encoding: 'utf8' })).not.toThrow();
});
