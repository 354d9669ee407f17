import { join } from 'node:path';
import express, { Router } from 'express';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { leadToOwnName } from './own-name.ts';
import { DEMO_PAGES, PAGES } from './page-policy.ts';
import { sendPage } from './send-page.ts';

/** Where `npm run build:web` puts the pages. */
export const BUILT_PAGES = join(import.meta.dirname, '../../../web/dist');

export interface WebOptions {
  readonly withDemo: boolean;
  readonly publicUrl: string;
  readonly builtFolder?: string;
}

/** The pages, each at its name, and what they load at `/assets`. */
export function webRouter({ withDemo, publicUrl, builtFolder = BUILT_PAGES }: WebOptions): Router {
  const router = Router({ strict: true });
  // Their names hold a hash of their content.
  router.use('/assets', express.static(join(builtFolder, 'assets'), { immutable: true, maxAge: '1y', index: false }));
  const leadHome = leadToOwnName(publicUrl);
  if (withDemo) {
    for (const page of [...PAGES, ...DEMO_PAGES]) router.get([`/${page}`, `/${page}/*rest`], leadHome);
  }
  for (const page of withDemo ? [...PAGES, ...DEMO_PAGES] : PAGES) {
    router.get([`/${page}`, `/${page}/`], sendPage(builtFolder, page));
    refuseOtherMethods(router, `/${page}`, 'GET');
  }
  // The page itself finds what to show by the rest of the address.
  router.get('/console/*rest', sendPage(builtFolder, 'console'));
  return router;
}
