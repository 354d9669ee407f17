import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type OutgoingProxy, openTunnel } from './open-tunnel.ts';

/** Where APNs is, and the way to it. */
export interface ApnsHost {
  readonly origin: string;
  /** PEM; the public authorities by default. */
  readonly certificateAuthority?: string | undefined;
  readonly proxy?: OutgoingProxy | undefined;
}

/** What answers at the address speaks TLS, but not HTTP/2. */
export class NotHttp2 extends Error {
  override readonly name = 'NotHttp2';
}

/**
 * Opens an HTTP/2 connection, and waits for the server's settings, as they say how many pushes it takes at once.
 * Throws what is wrong with the way, or the reason of an `AbortSignal.timeout`.
 */
export async function openApnsSession(host: ApnsHost, withinMs: number): Promise<ClientHttp2Session> {
  const signal = AbortSignal.timeout(withinMs);
  const socket = await openTls(host, withinMs, signal);
  const session = connect(host.origin, { createConnection: () => socket, settings: { enablePush: false } });
  // Whoever uses the session learns of its end by its streams and by 'close'.
  session.on('error', () => undefined);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = (): void => reject(signal.reason);
  session.once('remoteSettings', () => resolve());
  session.once('close', () => reject(new Error('the connection was closed before it could be used')));
  signal.addEventListener('abort', giveUp);
  try {
    await promise;
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function openTls(
  { origin, certificateAuthority, proxy }: ApnsHost,
  withinMs: number,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const url = new URL(origin);
  const target = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 443) };
  const tunnel = proxy && (await openTunnel(proxy, target, withinMs));
  const socket = connectTls({
    ...target,
    ...(tunnel && { socket: tunnel }),
    ...(isIP(target.host) === 0 && { servername: target.host }),
    ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
    ALPNProtocols: ['h2'],
  });
  try {
    await once(socket, 'secureConnect', { signal });
    if (socket.alpnProtocol !== 'h2') throw new NotHttp2('the server does not speak HTTP/2');
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw signal.aborted ? signal.reason : error;
  }
}
