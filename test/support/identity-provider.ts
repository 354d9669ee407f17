import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface IdentityProviderOptions {
  readonly redirectUri: string;
  /** False: claims beside the subject are told by the userinfo endpoint alone. */
  readonly withClaimsInToken?: boolean;
  /** By account. */
  readonly claims: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** An OpenID Connect provider as operators' organisations have it, on loopback: a certified library, not ours. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who sits in front of the browser that comes next; null: somebody who breaks off. */
  person: string | null;
  stop(): Promise<void>;
}

export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const { redirectUri, withClaimsInToken = true, claims } = options;
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ['countersign-console', randomBytes(24).toString('base64url')];
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    conformIdTokenClaims: !withClaimsInToken,
    claims: { openid: ['sub'], profile: ['preferred_username', 'roles', 'realm_access'], email: ['email'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...claims[accountId] }),
    }),
  });
  const serve = provider.callback();
  const it: IdentityProvider = {
    ...{ issuer, clientId, clientSecret, person: null },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void serve(request, response);
    interact().catch((error: unknown) => response.writeHead(500).end(String(error)));

    /** Logs the person in, and has them agree to everything. */
    async function interact(): Promise<void> {
      const { prompt, params, session } = await provider.interactionDetails(request, response);
      const { person } = it;
      if (person === null) {
        return provider.interactionFinished(request, response, { error: 'access_denied' });
      }
      if (prompt.name === 'login') {
        return provider.interactionFinished(request, response, { login: { accountId: person } });
      }
      const grant = new provider.Grant({ accountId: session?.accountId ?? person, clientId: params.client_id });
      grant.addOIDCScope('openid profile email');
      return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    }
  });
  return it;
}
