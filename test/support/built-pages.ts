import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arePagesFresh, buildPages } from '../../dev/build-pages.ts';

/** Builds the pages where they are missing or older than their sources. */
export async function ensureBuiltPages(): Promise<void> {
  if (arePagesFresh()) return;
  await buildPages({ logFile: join(tmpdir(), `countersign-pages-${process.pid}.log`), env: process.env });
}
