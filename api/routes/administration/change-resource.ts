import type { RequestHandler } from 'express';
import type { AdministeredResource, ResourceChange } from '../../ports.ts';
import { authorOf } from './author.ts';
import { entityTagOf, expectedRevisionOf } from './entity-tag.ts';
import { problemOf } from './refusal.ts';
import { keyOf } from './resource-key.ts';

/**
 * `PUT` and `PATCH /admin/v1/{resource}/{name}`: another document in place of the one that `If-Match` names, or the same
 * one with a merge patch (RFC 7396). Secrets that are not named stay.
 */
export function changeResource(resource: AdministeredResource, kind: ResourceChange['kind']): RequestHandler {
  return async (request, response) => {
    const expected = expectedRevisionOf(request);
    const change = { kind, body: request.body };
    const changed = await resource.change(keyOf(resource, request), change, expected, authorOf(response));
    if (!changed.ok) throw problemOf(changed);
    response.set('etag', entityTagOf(changed.entry.revision)).json(changed.entry.document);
  };
}
