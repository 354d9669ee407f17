import { openApiDocument } from '../../api/openapi/document.ts';
import { describedSurfaces } from './api-description.ts';
import { misfitsOf } from './json-schema.ts';
import type { PortalReply } from './portal.ts';
import { resolveReferences } from './resolve-references.ts';

interface Described {
  readonly responses: Readonly<
    Record<
      string,
      { readonly content?: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>> }
    >
  >;
}

/**
 * Looks replies up in the API's description: what of one does not fit it, or that it is not described at all; empty where
 * all fits.
 */
export function createReplyCheck(): (method: string, path: string, reply: PortalReply) => readonly string[] {
  const { paths } = resolveReferences(openApiDocument(describedSurfaces(), 'https://api.example')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  };
  const described = Object.entries(paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    operations,
  }));
  return (method, path, { status, headers, body }) => {
    const [bare = path] = path.split('?');
    const operations = described.find(({ pattern }) => pattern.test(bare))?.operations;
    // What is no address of ours, or no method of it, is not described, and says so.
    if (!operations?.[method.toLowerCase()] && [404, 405].includes(status)) return [];
    const responses = operations?.[method.toLowerCase()]?.responses;
    const response = responses?.[status] ?? responses?.default;
    if (!response) return [`${method} ${bare} ${status} is not described`];
    const mediaType = headers.get('content-type')?.split(';')[0];
    if (!response.content) return mediaType === undefined ? [] : [`${method} ${bare} ${status} has a body`];
    const content = response.content[mediaType ?? ''];
    if (!content) return [`${method} ${bare} ${status} as ${mediaType} is not described`];
    return misfitsOf(content.schema, body).map((misfit) => `${method} ${bare} ${status} ${misfit}`);
  };
}
