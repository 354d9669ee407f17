import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { AdministeredResource } from '../../ports.ts';
import { entityTagOf } from './entity-tag.ts';
import { keyOf } from './resource-key.ts';

/** `GET /admin/v1/{resource}/{name}`: one document, with the entity tag that a change of it must name. */
export function readResource(resource: AdministeredResource): RequestHandler {
  return async (request, response) => {
    const found = await resource.find(keyOf(resource, request));
    if (!found) throw new AppError('resource_unknown');
    response.set('etag', entityTagOf(found.revision)).json(found.document);
  };
}
