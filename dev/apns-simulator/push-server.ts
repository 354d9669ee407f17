import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { ServerCertificate } from '../certificates/loopback-certificates.ts';
import { createPushHandler, type PushDependencies } from './push-handler.ts';

/** What Apple allows on a connection, as senders see it. */
const USUAL_CONCURRENT_STREAMS = 1_000;

/** One of the two hosts of the service. */
export interface PushServer {
  /** Origin, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Connections that are open. */
  connections(): number;
  /** The most pushes that were under way at once, on all connections together. */
  mostAtOnce(): number;
  /** How many pushes a connection may have under way, on those that are open too. */
  allowConcurrentStreams(limit: number): void;
  /** Announces to every connection that it ends; what is under way is answered. */
  goAway(): void;
  /** Cuts every connection. */
  cutAll(): void;
  /** Cuts what is still open; resolves when the port is free again. */
  close(): Promise<void>;
}

/** HTTP/2 over TLS on loopback; port 0 takes any free one. Throws when the port is taken. */
export async function startPushServer(
  { certificate, privateKey }: ServerCertificate,
  port: number,
  dependencies: PushDependencies,
): Promise<PushServer> {
  let underWay = 0;
  let mostAtOnce = 0;
  const sockets = new Map<number, Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const server: Http2SecureServer = createSecureServer({
    cert: certificate,
    key: privateKey,
    allowHTTP1: false,
    settings: { maxConcurrentStreams: USUAL_CONCURRENT_STREAMS },
  });
  server.on('secureConnection', (socket: Socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
    // Peers may leave in any way they like.
    socket.on('error', () => undefined);
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => undefined);
  });
  const cut = (session: ServerHttp2Session): void => {
    sockets.get(session.socket.remotePort ?? 0)?.destroy();
  };
  const cutAll = (): void => {
    for (const socket of sockets.values()) socket.destroy();
  };
  server.on('stream', createPushHandler(dependencies, cut));
  server.on('stream', (stream) => {
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    stream.once('close', () => {
      underWay -= 1;
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${address.port}`,
    port: address.port,
    connections: () => sessions.size,
    mostAtOnce: () => mostAtOnce,
    allowConcurrentStreams(maxConcurrentStreams) {
      server.updateSettings({ maxConcurrentStreams });
      for (const session of sessions) session.settings({ maxConcurrentStreams });
    },
    goAway() {
      for (const session of sessions) session.close();
    },
    cutAll,
    async close() {
      const closed = once(server, 'close');
      server.close();
      cutAll();
      await closed;
    },
  };
}
