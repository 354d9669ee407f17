import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { oneSpanDomainBody, oneSpanDomainName } from '../../../runtime/onespan-domain.ts';
import { isStorable } from '../../../runtime/storable-text.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { authorOf } from './author.ts';
import { pageQuery } from './list-resource.ts';
import { decodePosition, encodePosition } from './page-position.ts';

/** `GET /admin/v1/onespan-domains`: one page of domains in the order of their names, and where the next page begins. */
export function listOneSpanDomains({ oneSpanDomains }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { limit, after } = parse(pageQuery, request.query);
    const beyond = after === undefined ? undefined : decodePosition(after, 1)[0];
    const found = await oneSpanDomains.list({ after: beyond, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    response.json({ items, next: found.length > limit && last ? encodePosition([last.name]) : null });
  };
}

/** `GET /admin/v1/onespan-domains/{name}`. */
export function readOneSpanDomain({ oneSpanDomains }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const name = request.params.name as string;
    const domain = isStorable(name) ? await oneSpanDomains.find(name) : undefined;
    if (!domain) throw new AppError('route_unknown');
    response.json(domain);
  };
}

/** `PUT /admin/v1/onespan-domains/{name}`: creates or replaces, and counts from the next request on. 200 with what is stored. */
export function putOneSpanDomain({ oneSpanDomains }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const name = parse(z.object({ name: oneSpanDomainName }), request.params).name;
    const domain = { name, ...parse(oneSpanDomainBody, request.body) };
    const result = await oneSpanDomains.put(domain, authorOf(response));
    if (!result.ok) throw new AppError('request_invalid', result.field);
    response.json(domain);
  };
}
