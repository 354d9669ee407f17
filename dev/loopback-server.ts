import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** An HTTP server that listens on this machine only. */
export interface LoopbackServer {
  readonly port: number;
  /** Cuts what is still open; resolves when the port is free again. */
  close(): Promise<void>;
}

const TIMES = { keepAliveTimeout: 60_000, requestTimeout: 30_000 };

/** Listens on loopback, by TLS where a key is given; port 0 takes any free one. Throws when the port is taken. */
export async function listenOnLoopback(
  listener: RequestListener,
  port: number,
  tls?: { readonly key: string; readonly cert: string },
): Promise<LoopbackServer> {
  const server: Server = tls ? createSecureServer({ ...TIMES, ...tls }, listener) : createServer(TIMES, listener);
  server.maxConnections = 4_096;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Without a slash at its end. */
export function loopbackUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
