import type { RequestHandler } from 'express';
import type { AdministeredResource } from '../../ports.ts';
import { authorOf } from './author.ts';
import { expectedRevisionOf } from './entity-tag.ts';
import { problemOf } from './refusal.ts';
import { keyOf } from './resource-key.ts';

/** `DELETE /admin/v1/{resource}/{name}`: 204; refused while something refers to it. */
export function deleteResource(resource: AdministeredResource): RequestHandler {
  return async (request, response) => {
    const removed = await resource.remove(keyOf(resource, request), expectedRevisionOf(request), authorOf(response));
    if (!removed.ok) throw problemOf(removed);
    response.status(204).end();
  };
}
