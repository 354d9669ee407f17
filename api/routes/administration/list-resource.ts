import type { RequestHandler } from 'express';
import { z } from 'zod';
import { parse } from '../../parse.ts';
import type { AdministeredResource } from '../../ports.ts';
import { entityTagOf } from './entity-tag.ts';
import { decodePosition, encodePosition } from './page-position.ts';

/** The query of a page of documents. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(2_048).optional(),
});

/** `GET /admin/v1/{resource}`: one page of documents in the order of their names, and where the next page begins. */
export function listResource(resource: AdministeredResource): RequestHandler {
  return async (request, response) => {
    const { limit, after } = parse(pageQuery, request.query);
    const found = await resource.list({
      limit: limit + 1,
      ...(after !== undefined && { after: decodePosition(after, resource.identity.length) }),
    });
    const items = found.slice(0, limit);
    const last = items.at(-1)?.document;
    response.json({
      items: items.map(({ document, revision }) => ({ ...document, etag: entityTagOf(revision) })),
      next: found.length > limit && last ? encodePosition(resource.identity.map((field) => last[field])) : null,
    });
  };
}
