import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { type PageName, policyOf } from './page-policy.ts';

/** What the build leaves in a page for us to replace (web/vite.config.ts). */
const NONCE_PLACEHOLDER = 'CSP_NONCE';
const NONCE_BYTES = 16;

/** Sends a page as it was built, with a policy and a nonce of its own. Nothing is served at its address where it was not built. */
export function sendPage(builtFolder: string, page: PageName): RequestHandler {
  const path = join(builtFolder, page, 'index.html');
  return async (_request, response, next) => {
    const html = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (html === undefined) return next();
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    response
      .set('content-security-policy', policyOf(page, nonce))
      .set('permissions-policy', page === 'phone' ? 'camera=(self)' : 'camera=()')
      .set('cache-control', 'no-store')
      .type('html')
      .send(html.replaceAll(NONCE_PLACEHOLDER, nonce));
  };
}
