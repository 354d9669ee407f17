import { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { openApiDocument } from '../../openapi/document.ts';
import { PAGE_POLICY, pageOf } from '../../openapi/page.ts';
import { surfacesOf } from '../../openapi/surfaces.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';

/**
 * The description of the API: `GET /openapi.json` (OpenAPI 3.1), and `GET /docs` for people. The same for everybody, and
 * without a word on how this installation is set up, so it needs no credentials. Written once, when the process starts.
 */
export function openApiRouter({ administered, settings }: ApiDependencies): Router {
  const router = Router();
  const surfaces = surfacesOf(administered);
  const text = JSON.stringify(openApiDocument(surfaces, settings.publicUrl));
  const page = pageOf(surfaces);
  router.get('/openapi.json', noStore, (_request, response) => {
    response.type('application/json').send(text);
  });
  router.get('/docs', noStore, (_request, response) => {
    response.set('content-security-policy', PAGE_POLICY).type('text/html').send(page);
  });
  refuseOtherMethods(router, '/openapi.json', 'GET');
  refuseOtherMethods(router, '/docs', 'GET');
  return router;
}
