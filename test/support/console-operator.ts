import type { PortalReply } from './portal.ts';

/** An operator in front of the console: asks as a page of it does, with the cookie that the browser has. */
export interface ConsolePage {
  /** As sent with each request; no credentials of an API client. */
  readonly headers: Readonly<Record<string, string>>;
  request(
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<PortalReply>;
}

/** A page with this cookie, or without any. */
export function consolePage(apiUrl: string, cookie = ''): ConsolePage {
  const headers = {
    ...{ authorization: '', origin: new URL(apiUrl).origin, 'sec-fetch-site': 'same-origin', 'console-request': '1' },
    ...(cookie !== '' && { cookie }),
  };
  return {
    headers,
    async request(method, path, body, more = {}) {
      const type = body && { 'content-type': 'application/json' };
      const all = Object.entries({ ...headers, ...type, ...more }).filter(([, value]) => value !== '');
      const init = { method, headers: Object.fromEntries(all), ...(body && { body: JSON.stringify(body) }) };
      const response = await fetch(apiUrl + path, { ...init, redirect: 'manual' });
      const text = await response.text();
      const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
  };
}

/** The cookie that a reply sets, as browsers send it back. */
export function cookieFrom({ headers }: Pick<PortalReply, 'headers'>, name = 'countersign_console'): string {
  const set = headers.getSetCookie().find((each) => each.startsWith(`${name}=`));
  return set?.split(';')[0] ?? '';
}

/** A page on which the operator is logged in with the configured account. Throws when that is refused. */
export async function logInToConsole(
  apiUrl: string,
  credentials: { readonly name: string; readonly password: string },
): Promise<ConsolePage> {
  const reply = await consolePage(apiUrl).request('POST', '/console/api/login', credentials);
  if (reply.status !== 200) throw new Error(`the log-in was refused: ${JSON.stringify(reply.body)}`);
  return consolePage(apiUrl, cookieFrom(reply));
}
