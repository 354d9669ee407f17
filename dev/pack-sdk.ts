/** Builds the device client into `dist/sdk` and packs it: a package of its own, with the version of this repository. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { REPOSITORY_ROOT } from './data-folder.ts';

const PACK_DEADLINE_MS = 120_000;

/** Leaves the package's folder in `dist/sdk` and its archive in `destination`; returns the archive's path. */
export function packSdk(destination: string): string {
  const at = (...parts: string[]): string => join(REPOSITORY_ROOT, ...parts);
  const folder = at('dist', 'sdk');
  rmSync(folder, { recursive: true, force: true });
  const options = { cwd: REPOSITORY_ROOT, timeout: PACK_DEADLINE_MS, encoding: 'utf8' } as const;
  const compiler = at('node_modules', 'typescript-7', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '-p', at('sdk', 'tsconfig.json')], options);
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string };
  const manifest = JSON.parse(readFileSync(at('sdk', 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
  copyFileSync(at('docs', 'sdk.md'), join(folder, 'README.md'));
  copyFileSync(at('LICENSE'), join(folder, 'LICENSE'));
  mkdirSync(destination, { recursive: true });
  const packed = execFileSync('npm', ['pack', folder, '--json', '--pack-destination', destination], options);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  return join(destination, filename);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { to: { type: 'string', default: 'dist' } } });
  console.log(packSdk(resolve(values.to)));
}
