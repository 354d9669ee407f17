import { Agent, buildConnector, type Dispatcher } from 'undici';
import { type OutgoingProxy, openTunnel } from './open-tunnel.ts';

/** HTTP/1.1 connections to one provider, straight or through a proxy. */
export interface PushConnections {
  readonly pool: Dispatcher;
  /** Gives `use` a connection out of the pool, or one that nobody has used before. */
  with<Result>(onFreshConnection: boolean, use: (dispatcher: Dispatcher) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Connections to one provider; further sends wait in undici's queue until their deadline. */
const MAX_CONNECTIONS = 8;

/** A connection may take half the time of a push to come about, so that a second one has a chance. */
export function createPushConnections(proxy: OutgoingProxy | undefined, pushTimeoutMs: number): PushConnections {
  const connectTimeoutMs = Math.ceil(pushTimeoutMs / 2);
  const connect = proxy ? connectThrough(proxy, connectTimeoutMs) : { timeout: connectTimeoutMs };
  const pool = new Agent({ connections: MAX_CONNECTIONS, connect });
  return {
    pool,
    async with(onFreshConnection, use) {
      if (!onFreshConnection) return use(pool);
      const fresh = new Agent({ connections: 1, connect });
      try {
        return await use(fresh);
      } finally {
        void fresh.destroy();
      }
    },
    close: () => pool.close(),
  };
}

/** Tunnels are opened for plain http too, so that one kind of proxy access is enough. */
function connectThrough(proxy: OutgoingProxy, timeoutMs: number): buildConnector.connector {
  const secure = buildConnector({ timeout: timeoutMs });
  return (target, callback) => {
    const { protocol, hostname, port } = target;
    const host = hostname.replace(/^\[|\]$/g, '');
    openTunnel(proxy, { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) }, timeoutMs).then(
      (socket) => {
        if (protocol === 'https:') secure({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}
