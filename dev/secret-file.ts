import { existsSync, readFileSync } from 'node:fs';
import { replaceFile } from './data-folder.ts';

/** The secret kept at `path`, made by `make` the first time. Readable by this user alone. */
export function keepSecret(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const secret = make();
  replaceFile(path, `${secret}\n`);
  return secret;
}
