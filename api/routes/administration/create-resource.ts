import type { RequestHandler } from 'express';
import type { AdministeredResource } from '../../ports.ts';
import { authorOf } from './author.ts';
import { entityTagOf } from './entity-tag.ts';
import { problemOf } from './refusal.ts';

/** What a creation shows once, beside the document. */
type Prepare = (body: unknown) => { readonly body: unknown; readonly shown: Readonly<Record<string, unknown>> };

/** `POST /admin/v1/{resource}`: a new document. */
export function createResource(
  resource: AdministeredResource,
  prepare: Prepare = (body) => ({ body, shown: {} }),
): RequestHandler {
  return async (request, response) => {
    const { body, shown } = prepare(request.body);
    const created = await resource.create(body, authorOf(response));
    if (!created.ok) throw problemOf(created);
    const { document, revision } = created.entry;
    const path = resource.identity.map((field) => encodeURIComponent(String(document[field]))).join('/');
    response
      .status(201)
      .set({ etag: entityTagOf(revision), location: `${request.baseUrl}/${resource.name}/${path}` })
      .json({ ...document, ...shown });
  };
}
