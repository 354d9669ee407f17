import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';

const MAX_BODY_BYTES = 4 * 1024;
/** Far more than can be under way; what nobody asks for is forgotten, oldest first. */
const MAX_KEPT = 10_000;

/** The portal's end of the callbacks. */
export interface CallbackReceiver {
  readonly uri: string;
  /** When (by `performance.now()`) the callback of this transaction came. Rejects when it does not come in time. */
  arrivalOf(transactionId: string, withinMs: number): Promise<number>;
  close(): Promise<void>;
}

/** Listens on any free port of loopback and answers each callback with 204. */
export async function startCallbackReceiver(): Promise<CallbackReceiver> {
  const arrivals = new Map<string, number>();
  const waiting = new Map<string, (arrivedAtMs: number) => void>();

  function note(transactionId: string, arrivedAtMs: number): void {
    const tell = waiting.get(transactionId);
    if (tell) {
      tell(arrivedAtMs);
      return;
    }
    arrivals.set(transactionId, arrivedAtMs);
    for (const oldest of arrivals.keys()) {
      if (arrivals.size <= MAX_KEPT) break;
      arrivals.delete(oldest);
    }
  }

  const server = createServer((request, response) => {
    const arrivedAtMs = performance.now();
    readTransactionId(request).then(
      (transactionId) => {
        if (transactionId === undefined) return void response.writeHead(400).end();
        response.writeHead(204).end();
        note(transactionId, arrivedAtMs);
      },
      (error: Error) => request.destroy(error),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    async arrivalOf(transactionId, withinMs) {
      const arrivedAtMs = arrivals.get(transactionId);
      arrivals.delete(transactionId);
      if (arrivedAtMs !== undefined) return arrivedAtMs;
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const timer = setTimeout(
        () => reject(new Error(`the callback of ${transactionId} did not come within ${withinMs} ms`)),
        withinMs,
      );
      waiting.set(transactionId, resolve);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(transactionId);
      }
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Undefined when the request is no callback. */
async function readTransactionId(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    const { transaction_id } = JSON.parse(Buffer.concat(chunks).toString());
    return typeof transaction_id === 'string' ? transaction_id : undefined;
  } catch {
    // Not JSON: not a callback.
    return undefined;
  }
}
