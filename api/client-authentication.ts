import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { ClientScope } from '../runtime/client-scopes.ts';
import { AppError } from '../runtime/errors.ts';
import { clientOfAssertion } from './client-assertion.ts';
import { type ClientCredentials, credentialsOf } from './client-credentials.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import type { ApiClient, ApiClientStore } from './ports.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Set where an API client was admitted. */
      client?: ApiClient;
    }
  }
}

/** Says which client makes a request. */
export interface ClientAuthenticator {
  /** Throws `client_unauthenticated`, or `too_many_failures` without having looked. */
  authenticate(request: Request): Promise<ApiClient>;
}

export interface ClientAuthenticatorDependencies {
  readonly store: ApiClientStore;
  readonly throttle: FailureThrottle;
  /** What an assertion must be made for. */
  readonly audience: string;
}

/** Authenticates by secret or by assertion. Unknown client and wrong proof get the same reply after the same work. */
export function createClientAuthenticator({
  store,
  throttle,
  audience,
}: ClientAuthenticatorDependencies): ClientAuthenticator {
  return {
    async authenticate(request) {
      const credentials = credentialsOf(request);
      if (!credentials) throw new AppError('client_unauthenticated');
      const { clientId } = credentials;
      const address = request.ip ?? '';
      const retryAfterSeconds = throttle.waitSecondsOf(clientId, address);
      if (retryAfterSeconds !== undefined) throw new AppError('too_many_failures', undefined, { retryAfterSeconds });
      const client = await provenClient(store, credentials, audience);
      if (!client) {
        throttle.failed(clientId, address);
        throw new AppError('client_unauthenticated');
      }
      throttle.succeeded(clientId, address);
      return client;
    },
  };
}

/** The client that made this request; only behind {@link requireClient} or {@link requireClientWith}. */
export function clientOf(response: { locals: Express.Locals }): ApiClient {
  if (!response.locals.client) throw new Error('the route is not behind requireClient');
  return response.locals.client;
}

/** Admits an API client with this scope. On the vendor's surfaces a missing scope is told like a wrong secret. */
export function requireClient(clients: ClientAuthenticator, scope: ClientScope): RequestHandler {
  return async (request, response, next) => {
    const client = await clients.authenticate(request);
    if (!client.scopes.includes(scope)) throw new AppError('client_unauthenticated');
    response.locals.client = client;
    next();
  };
}

/** The same, where a missing scope is told apart: 403. Any of the scopes will do. */
export function requireClientWith(clients: ClientAuthenticator, ...scopes: readonly ClientScope[]): RequestHandler {
  return async (request, response, next) => {
    const client = await clients.authenticate(request);
    response.locals.client = client;
    if (!scopes.some((scope) => client.scopes.includes(scope))) throw new AppError('action_forbidden');
    next();
  };
}

async function provenClient(
  store: ApiClientStore,
  credentials: ClientCredentials,
  audience: string,
): Promise<ApiClient | undefined> {
  if (credentials.kind === 'assertion') return clientOfAssertion(store, { ...credentials, audience });
  const client = await store.find(credentials.clientId);
  const given = createHash('sha256').update(credentials.secret).digest();
  const isPresent = timingSafeEqual(given, client?.secretSha256 ?? NOBODY);
  const isPrevious = timingSafeEqual(given, client?.previousSecretSha256 ?? NOBODY);
  return isPresent || isPrevious ? client : undefined;
}

/** Compared with in place of a secret that there is not; no secret hashes to it. */
const NOBODY = Buffer.alloc(32);
