import { type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { callConsole } from '../call-console.ts';
import type { Document } from './changes.ts';
import type { Resource } from './resources.ts';

/** A document and the state that it is in. */
export interface Entry {
  readonly document: Document;
  readonly etag: string;
}

interface DocumentPage {
  readonly items: readonly (Document & { readonly etag: string })[];
  readonly next: string | null;
}

/** Where a document is, by the values that name it. */
export function addressOf({ name, identity }: Pick<Resource, 'name' | 'identity'>, document: Document): string {
  return ['/admin/v1', name, ...identity.map((field) => encodeURIComponent(String(document[field])))].join('/');
}

/** Documents in the order of their names, page after page. */
export function useDocuments(resource: string, isEnabled = true) {
  return useInfiniteQuery({
    queryKey: ['documents', resource, 'list'],
    queryFn: async ({ pageParam, signal }) => {
      const after = pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`;
      return (await callConsole<DocumentPage>('GET', `/admin/v1/${resource}?limit=100${after}`, { signal })).body;
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: isEnabled,
  });
}

/** One document. Not asked for again while somebody works on it: another state may come only when they say so. */
export function useDocument(resource: Resource, names: Document) {
  return useQuery({
    queryKey: ['documents', resource.name, addressOf(resource, names)],
    queryFn: ({ signal }) => readDocument(addressOf(resource, names), signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

export async function readDocument(address: string, signal?: AbortSignal): Promise<Entry> {
  const { body, etag } = await callConsole<Document>('GET', address, signal ? { signal } : {});
  return { document: body, etag: etag ?? '' };
}

/** After a change: whatever shows documents of this kind asks again. */
export async function forgetDocuments(client: QueryClient, resource: string): Promise<void> {
  await client.invalidateQueries({ queryKey: ['documents', resource] });
}
