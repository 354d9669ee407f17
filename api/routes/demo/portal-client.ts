import { AppError } from '../../../runtime/errors.ts';

const TIMEOUT_MS = 10_000;

/** What the API answered. */
export interface PortalReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The API as the demo bank uses it, over HTTP with the secret of its client, as any portal would. */
export interface PortalClient {
  get(path: string): Promise<PortalReply>;
  post(path: string, form: Readonly<Record<string, string | undefined>>): Promise<PortalReply>;
  postJson(path: string, body: object): Promise<PortalReply>;
  delete(path: string): Promise<PortalReply>;
}

export function createPortalClient(
  serverUrl: string,
  client: { readonly id: string; readonly secret: string },
): PortalClient {
  const identity = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`;
  const authorization = `Basic ${Buffer.from(identity).toString('base64')}`;

  async function call(method: string, path: string, body?: URLSearchParams | string): Promise<PortalReply> {
    const headers = { authorization, ...(typeof body === 'string' && { 'content-type': 'application/json' }) };
    const init = { method, headers, ...(body !== undefined && { body }), signal: AbortSignal.timeout(TIMEOUT_MS) };
    try {
      const response = await fetch(serverUrl + path, init);
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return { status: response.status, body: isJson ? JSON.parse(text) : {}, text };
    } catch (cause) {
      throw new AppError('unavailable', undefined, { cause });
    }
  }

  return {
    get: (path) => call('GET', path),
    post: (path, form) => call('POST', path, new URLSearchParams(withoutUndefined(form))),
    postJson: (path, body) => call('POST', path, JSON.stringify(body)),
    delete: (path) => call('DELETE', path),
  };
}

function withoutUndefined(form: Readonly<Record<string, string | undefined>>): [string, string][] {
  return Object.entries(form).filter((field): field is [string, string] => field[1] !== undefined);
}

/** The portal surface, from the server's root. */
export const MOBILE = '/oauth/api/v4/authenticate';
