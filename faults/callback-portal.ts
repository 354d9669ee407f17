import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

const MAX_BODY_BYTES = 4 * 1024;

/** A callback as the portal got it. */
export interface ArrivedCallback {
  readonly transactionId: string;
  readonly atMs: number;
  /** SHA-256 of its body. */
  readonly bodySha256: string;
  /** By which the portal knows a callback that it has heard before. */
  readonly webhookId: string;
  /** Whether the signature is the one of its id, its time and its body. */
  readonly isSigned: boolean;
  /** The time that was signed, epoch ms. */
  readonly stampedAtMs: number;
  /** What the portal answered; 0 for nothing. */
  readonly answeredWith: number;
}

export type CallbackMood = 'well' | 'refusing' | 'dropping' | 'hanging' | 'slow';

const SLOW_MS = 3_000;

/** The portal's end of the callbacks: it keeps what came, and may be unwell. */
export interface CallbackPortal {
  readonly uri: string;
  /** Of Standard Webhooks; what comes is to be signed with it. */
  readonly secret: string;
  readonly arrived: readonly ArrivedCallback[];
  mood: CallbackMood;
  close(): Promise<void>;
}

/** `onCallback` runs for each one before it is answered; what it does is the portal's reading of the result. */
export async function startCallbackPortal(onCallback: (transactionId: string) => void): Promise<CallbackPortal> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const refusedOnce = new Set<string>();
  const arrived: ArrivedCallback[] = [];
  let mood: CallbackMood = 'well';
  const server = createServer(async (request, response) => {
    const atMs = Date.now();
    const body = await readBody(request);
    if (!body) return;
    const transactionId = transactionIdIn(body);
    const answer = (status: number): void => {
      arrived.push({
        ...{ transactionId, atMs, ...readSignature(request.headers, body, secret) },
        bodySha256: createHash('sha256').update(body).digest('hex'),
        answeredWith: status,
      });
      if (status > 0) response.writeHead(status).end();
    };
    if (mood === 'refusing') return answer(503);
    if (mood === 'hanging') return answer(0);
    if (mood === 'dropping') {
      answer(0);
      request.socket.destroy();
      return;
    }
    if (isGrumpyAt(transactionId) && !refusedOnce.has(transactionId)) {
      refusedOnce.add(transactionId);
      return answer(503);
    }
    onCallback(transactionId);
    if (mood === 'slow') setTimeout(() => answer(204), SLOW_MS);
    else answer(204);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    secret,
    arrived,
    get mood() {
      return mood;
    },
    set mood(next) {
      mood = next;
      // Who was left hanging is let go, as when a portal is started anew.
      if (next === 'well') server.closeAllConnections();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** One in eight is refused at first, whatever the mood: a portal is never quite well. */
function isGrumpyAt(transactionId: string): boolean {
  return Number.parseInt(transactionId.slice(-1), 16) % 8 === 0;
}

/** Signed anew by the library of Standard Webhooks. A wrong clock is told by the time, and breaks no signature. */
function readSignature(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secret: string,
): Pick<ArrivedCallback, 'webhookId' | 'isSigned' | 'stampedAtMs'> {
  const webhookId = String(headers['webhook-id']);
  const stampedAtMs = Number(headers['webhook-timestamp']) * 1_000;
  const given = String(headers['webhook-signature']).split(' ');
  const isTimed = Number.isSafeInteger(stampedAtMs);
  const expected = isTimed && new Webhook(secret).sign(webhookId, new Date(stampedAtMs), body.toString());
  return { webhookId, stampedAtMs, isSigned: expected !== false && given.includes(expected) };
}

/** Undefined where the sender was killed while it sent. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES);
}

function transactionIdIn(body: Buffer): string {
  const { transaction_id: id } = JSON.parse(body.toString()) as { transaction_id?: unknown };
  return typeof id === 'string' ? id : 'none';
}
