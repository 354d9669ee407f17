import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCallback {
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly callback_uri?: string; readonly transaction_id?: string };
  /** The body as it came. */
  readonly text: string;
}

/** A portal's callback address: keeps what came, and answers as it is told. */
export interface CallbackReceiver {
  readonly url: string;
  readonly received: readonly ReceivedCallback[];
  /** Statuses for the next requests, in order; afterwards 204. */
  answerNextWith(...statuses: number[]): void;
  /** Forgets what is left of those. */
  answerWell(): void;
  /** Resolves with the callbacks of this transaction once there are `count`. */
  waitFor(transactionId: string, count?: number): Promise<readonly ReceivedCallback[]>;
  close(): Promise<void>;
}

export async function startCallbackReceiver(): Promise<CallbackReceiver> {
  const received: ReceivedCallback[] = [];
  const statuses: number[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      received.push({ headers: request.headers, body: JSON.parse(text), text });
      response.writeHead(statuses.shift() ?? 204).end();
      for (const check of waiting) check();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/callback`,
    received,
    answerNextWith: (...next) => void statuses.push(...next),
    answerWell: () => void statuses.splice(0),
    waitFor: (transactionId, count = 1) =>
      new Promise((resolve) => {
        const check = (): void => {
          const mine = received.filter(({ body }) => body.transaction_id === transactionId);
          if (mine.length < count) return;
          waiting.delete(check);
          resolve(mine);
        };
        waiting.add(check);
        check();
      }),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
