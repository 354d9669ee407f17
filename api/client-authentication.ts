import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../runtime/errors.ts';
import { type AdministrationAction, may } from './permissions.ts';
import type { ApiClient, ApiClientStore } from './ports.ts';

/** What an API client may be good for; names of the vendor, where it has one. */
export type ClientScope =
  | 'onegini_api_mobile_authentication'
  | 'onegini_api_user_registration'
  | 'onegini_api_events'
  | 'onegini_api_end_user'
  /** The older name of the one before. */
  | 'end_user_api'
  | 'onegini_api_admin'
  /** Ours: the OneSpan surface. */
  | 'countersign_onespan';

declare global {
  namespace Express {
    interface Locals {
      /** Set by {@link requireClient}. */
      client?: ApiClient;
    }
  }
}

/** The client that made this request; only behind {@link requireClient}. */
export function clientOf(response: { locals: Express.Locals }): ApiClient {
  if (!response.locals.client) throw new Error('the route is not behind requireClient');
  return response.locals.client;
}

/**
 * Admits an API client by HTTP Basic or by `client_id` and `client_secret` in a form body (RFC 6749, 2.3.1).
 * Unknown client, wrong secret and missing scope get the same reply after the same work.
 */
export function requireClient(clients: ApiClientStore, scope: ClientScope): RequestHandler {
  return async (request, response, next) => {
    const client = await authenticate(clients, request);
    if (!client.scopes.includes(scope)) throw new AppError('client_unauthenticated');
    response.locals.client = client;
    next();
  };
}

/** The same, where a missing scope is told apart: 403. Any of the scopes will do. */
export function requireClientWith(clients: ApiClientStore, ...scopes: readonly ClientScope[]): RequestHandler {
  return async (request, response, next) => {
    const client = await authenticate(clients, request);
    response.locals.client = client;
    if (!scopes.some((scope) => client.scopes.includes(scope))) throw new AppError('action_forbidden');
    next();
  };
}

/** Admits an API client that may do this in administration; 403 where its scopes do not allow it. */
export function requireMay(clients: ApiClientStore, action: AdministrationAction): RequestHandler {
  return async (request, response, next) => {
    const client = await authenticate(clients, request);
    response.locals.client = client;
    if (!may(client.scopes, action)) throw new AppError('action_forbidden');
    next();
  };
}

/** Unknown client and wrong secret are refused alike, after the same work. */
async function authenticate(clients: ApiClientStore, request: Request): Promise<ApiClient> {
  const credentials = credentialsOf(request);
  if (!credentials) throw new AppError('client_unauthenticated');
  const client = await clients.find(credentials.id);
  const given = createHash('sha256').update(credentials.secret).digest();
  const isRight = timingSafeEqual(given, client?.secretSha256 ?? NOBODY);
  if (!client || !isRight) throw new AppError('client_unauthenticated');
  return client;
}

/** Compared with in place of an unknown client's secret; no secret hashes to it. */
const NOBODY = Buffer.alloc(32);

function credentialsOf(request: Request): { id: string; secret: string } | undefined {
  const header = request.get('authorization');
  if (header !== undefined) return basicCredentials(header);
  const { client_id: id, client_secret: secret } = (request.body ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && typeof secret === 'string' ? { id, secret } : undefined;
}

function basicCredentials(header: string): { id: string; secret: string } | undefined {
  const encoded = /^basic ([A-Za-z0-9+/=]{1,2048})$/i.exec(header)?.[1];
  if (!encoded) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const separator = text.indexOf(':');
  if (separator < 1) return undefined;
  try {
    return { id: formDecode(text.slice(0, separator)), secret: formDecode(text.slice(separator + 1)) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Both parts are form-encoded before they are joined. */
function formDecode(text: string): string {
  return decodeURIComponent(text.replace(/\+/g, ' '));
}
