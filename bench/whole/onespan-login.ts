import type { Phone } from './enrol-phone.ts';

const DEADLINE_MS = 30_000;
/** Of every user of the bench. */
const STATIC_PASSWORD = 'correct-horse';

/** A portal that was written for a OneSpan tenant. */
export interface OneSpanLogin {
  /** Gives this user the static password that {@link OneSpanLogin.begin} logs in with. */
  setPassword(userId: string): Promise<void>;
  /** Begins a login that asks the phone; its id. */
  begin(phone: Phone): Promise<string>;
  /** `sessionStatus` of a login. */
  session(requestId: string): Promise<string>;
}

/** Every call throws for a status outside 2xx. */
export function createOneSpanLogin(
  serverUrl: string,
  client: { readonly id: string; readonly secret: string },
): OneSpanLogin {
  const identity = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`;
  const authorization = `Basic ${Buffer.from(identity).toString('base64')}`;

  async function call(method: string, path: string, body?: object): Promise<Readonly<Record<string, string>>> {
    const response = await fetch(serverUrl + path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path.split('/').at(-1)}: status ${response.status}`);
    return text === '' ? {} : JSON.parse(text);
  }

  return {
    async setPassword(userId) {
      const path = `/admin/v1/users/${encodeURIComponent(userId)}/static-password`;
      await call('PUT', path, { staticPassword: STATIC_PASSWORD });
    },
    async begin({ userId }) {
      const { requestID } = await call('POST', `/v1/users/${encodeURIComponent(userId)}/login`, {
        objectType: 'LoginInput',
        credentials: { passKey: `push${STATIC_PASSWORD}` },
        orchestrationDelivery: ['pushNotification'],
        timeout: 0,
      });
      if (requestID === undefined) throw new Error('a login began without an id');
      return requestID;
    },
    async session(requestId) {
      const { sessionStatus } = await call('GET', `/v1/sessions/${requestId}`);
      return sessionStatus ?? 'unknown';
    },
  };
}
