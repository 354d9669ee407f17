import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that listens on this machine only. */
export interface LoopbackServer {
  readonly port: number;
  /** Cuts what is still open; resolves when the port is free again. */
  close(): Promise<void>;
}

/** Listens on loopback; port 0 takes any free one. Throws when the port is taken. */
export async function listenOnLoopback(listener: RequestListener, port: number): Promise<LoopbackServer> {
  const server: Server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 30_000 }, listener);
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
