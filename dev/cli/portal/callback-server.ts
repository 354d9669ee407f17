import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandError } from '../failures.ts';

const PATH = '/callback';
const MAX_BODY_BYTES = 4 * 1024;
/** One transaction is waited for; what else arrives is of earlier ones with the same address. */
const MAX_REMEMBERED = 1_000;

/** The portal's end of the callback, on loopback. */
export interface CallbackServer {
  /** Where the callback is to be sent. */
  readonly uri: string;
  /** Resolves to true once the callback of this transaction has arrived, to false when it did not in time. */
  waitFor(transactionId: string, timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Address of a callback server on this port. */
export function callbackUriOf(port: number): string {
  return `http://127.0.0.1:${port}${PATH}`;
}

/** Listens on 127.0.0.1; port 0 takes any that is free. Throws when the port is taken. */
export async function startCallbackServer(port: number): Promise<CallbackServer> {
  const arrived = new Set<string>();
  const watchers = new Set<() => void>();
  const server = createServer((request, reply) => {
    receive(request).then(
      (transactionId) => {
        if (transactionId === undefined) return void reply.writeHead(400).end();
        // A callback may come before the reply to begin: whoever waits later finds it here.
        if (arrived.size < MAX_REMEMBERED) arrived.add(transactionId);
        reply.writeHead(204).end();
        for (const look of watchers) look();
      },
      (error: Error) => request.destroy(error),
    );
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new CommandError(`Port ${port} can not be used: ${cause.message}`, { cause })),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    uri: callbackUriOf((server.address() as AddressInfo).port),
    waitFor(transactionId, timeoutMs) {
      return new Promise((resolve) => {
        const settle = (came: boolean): void => {
          clearTimeout(timer);
          watchers.delete(look);
          resolve(came);
        };
        const look = (): void => {
          if (arrived.has(transactionId)) settle(true);
        };
        const timer = setTimeout(() => settle(false), timeoutMs);
        watchers.add(look);
        look();
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The transaction that a callback tells of; undefined when the request is not a callback. */
async function receive(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  if (request.method !== 'POST' || request.url !== PATH) return undefined;
  try {
    const { transaction_id } = JSON.parse(Buffer.concat(chunks).toString());
    return typeof transaction_id === 'string' ? transaction_id : undefined;
  } catch {
    // Not JSON: not a callback.
    return undefined;
  }
}
