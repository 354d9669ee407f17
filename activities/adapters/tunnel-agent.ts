import { Agent } from 'node:https';
import { type ConnectionOptions, connect } from 'node:tls';
import { type OutgoingProxy, openTunnel } from './open-tunnel.ts';

const MAX_CONNECTIONS = 64;

/** An agent of `node:https` whose connections go through the proxy, where there is one. */
export function createTunnelAgent(proxy: OutgoingProxy | undefined, connectTimeoutMs: number): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  if (!proxy) return agent;
  agent.createConnection = (options, callback) => {
    const host = options.host ?? '';
    openTunnel(proxy, { host, port: Number(options.port ?? 443) }, connectTimeoutMs).then(
      (socket) => callback?.(null, connect({ ...(options as ConnectionOptions), servername: host, socket })),
      // The callback takes no socket with an error.
      (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  };
  return agent;
}
