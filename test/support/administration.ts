import { randomBytes } from 'node:crypto';
import { createPortal, type PortalReply } from './portal.ts';
import type { Stack } from './stack.ts';

/** An operator's tool: speaks the administration API with the credentials of one client. */
export interface Administrator {
  read(path: string): Promise<PortalReply>;
  create(path: string, document: object): Promise<PortalReply>;
  /** With the entity tag given, or the present one. */
  replace(path: string, document: object, etag?: string): Promise<PortalReply>;
  merge(path: string, patch: object, etag?: string): Promise<PortalReply>;
  remove(path: string, etag?: string): Promise<PortalReply>;
  request(method: string, path: string, init?: RequestInit): Promise<PortalReply>;
}

export const newSecret = (): string => randomBytes(32).toString('base64url');

export function createAdministrator(
  apiUrl: string,
  credentials: { readonly id: string; readonly secret: string },
): Administrator {
  const portal = createPortal(apiUrl, credentials);
  const request = (method: string, path: string, init?: RequestInit) =>
    portal.request(method, `/admin/v1${path}`, init);
  const json = (document: object, headers: Record<string, string> = {}): RequestInit => ({
    body: JSON.stringify(document),
    headers: { 'content-type': 'application/json', ...headers },
  });
  const read = (path: string) => request('GET', path);
  const tagOf = async (path: string, etag?: string): Promise<string> => etag ?? etagOf(await read(path));
  return {
    request,
    read,
    create: (path, document) => request('POST', path, json(document)),
    replace: async (path, document, etag) =>
      request('PUT', path, json(document, { 'if-match': await tagOf(path, etag) })),
    merge: async (path, patch, etag) => request('PATCH', path, json(patch, { 'if-match': await tagOf(path, etag) })),
    remove: async (path, etag) => request('DELETE', path, { headers: { 'if-match': await tagOf(path, etag) } }),
  };
}

export function etagOf(reply: PortalReply): string {
  return reply.headers.get('etag') ?? 'none';
}

/** The demonstration's client, which may do everything. */
export function administratorOf({ apiUrl, portal }: Stack): Administrator {
  return createAdministrator(apiUrl, portal.credentials);
}

/** The events of administration since the stack began, oldest first. */
export async function administrationEvents({
  database,
}: Stack): Promise<
  readonly { readonly name: string; readonly client_id: string; readonly details: Readonly<Record<string, string>> }[]
> {
  return database
    .knex('events')
    .where('name', 'like', 'ADMIN\\_%')
    .orderBy('id')
    .select('name', 'client_id', 'details');
}
