import { request } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';

/** An HTTP proxy that lets us through to providers by CONNECT (RFC 9110, 9.3.6). */
export interface OutgoingProxy {
  readonly host: string;
  readonly port: number;
  /** Value of `proxy-authorization`, sent with the first request already. */
  readonly authorization?: string;
}

/** The proxy answered, and did not let us through. */
export class ProxyRefused extends Error {
  override readonly name = 'ProxyRefused';
  readonly httpStatus: number;

  constructor(httpStatus: number) {
    super(`the proxy answered ${httpStatus}`);
    this.httpStatus = httpStatus;
  }
}

/** `http://host:port`, with `user:password@` where the proxy asks for it. */
export const proxyUrlSchema = z
  .url({ protocol: /^http$/, error: 'must be an address that begins with http://' })
  .refine((text) => readProxy(text) !== undefined, 'its user or password is not percent-encoded');

/** Undefined for an address that is none. */
export function readProxy(url: string): OutgoingProxy | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, username, password } = new URL(url);
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      ...(username && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The proxy of a configuration (null: none), or else that of the installation. */
export function chooseProxy(
  own: string | null | undefined,
  installation: string | undefined,
): OutgoingProxy | undefined {
  const url = own === undefined ? installation : own;
  return url ? readProxy(url) : undefined;
}

/** A connection through the proxy to `host:port`. Throws {@link ProxyRefused}, or what is wrong with the way to the proxy. */
export function openTunnel(
  proxy: OutgoingProxy,
  target: { readonly host: string; readonly port: number },
  withinMs: number,
): Promise<Socket> {
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const connecting = request({
      ...{ host: proxy.host, port: proxy.port, method: 'CONNECT', path: authority, agent: false },
      headers: { host: authority, ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }) },
      signal: AbortSignal.timeout(withinMs),
    });
    connecting.once('connect', (response, socket, head) => {
      if (response.statusCode === 200 && head.length === 0) return resolve(socket);
      socket.destroy();
      reject(new ProxyRefused(response.statusCode ?? 502));
    });
    // A refusal that comes as an ordinary answer.
    connecting.once('response', (response) => {
      response.destroy();
      reject(new ProxyRefused(response.statusCode ?? 502));
    });
    connecting.once('error', reject);
    connecting.end();
  });
}
