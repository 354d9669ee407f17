import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';

/** Reasons are short; more than this is not from APNs. */
const BODY_LIMIT_BYTES = 4_096;

export interface ApnsRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ApnsReply {
  readonly status: number;
  readonly apnsId?: string;
  /** Header of this name, as it came. */
  readonly retryAfter?: unknown;
  /** Undefined where there is none, or it is no JSON. */
  readonly body: unknown;
}

/** The server took no notice of the request (RFC 9113, 8.7): it can be sent again on another connection. */
export class LeftUndone extends Error {
  override readonly name = 'LeftUndone';
}

/** The stream ended without an answer; the server may have acted on it or not. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/** One request and its reply on a session. Throws {@link LeftUndone}, {@link BrokenOff}, or the reason of `signal`. */
export function exchange(
  session: ClientHttp2Session,
  { headers, body }: ApnsRequest,
  signal: AbortSignal,
): Promise<ApnsReply> {
  const { promise, resolve, reject } = Promise.withResolvers<ApnsReply>();
  let stream: ClientHttp2Stream;
  try {
    stream = session.request({ ...headers });
  } catch (cause) {
    // The session was told to end since it was chosen; nothing has been written.
    return Promise.reject(new LeftUndone('the connection takes no more', { cause }));
  }
  const giveUp = (): void => {
    reject(signal.reason);
    stream.close(constants.NGHTTP2_CANCEL);
  };
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });

  let head: IncomingHttpHeaders | undefined;
  let isAnswered = false;
  let failure: unknown;
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.once('response', (response) => {
    head = response;
  });
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_LIMIT_BYTES) chunks.push(chunk);
    else stream.close(constants.NGHTTP2_CANCEL);
  });
  stream.once('end', () => {
    if (!head) return;
    isAnswered = true;
    resolve(readReply(head, Buffer.concat(chunks)));
  });
  stream.on('error', (error) => {
    failure = error;
  });
  // A connection that is reset may tell of it by this event alone.
  stream.once('close', () => {
    signal.removeEventListener('abort', giveUp);
    if (!isAnswered) reject(endOf(stream, failure));
  });
  stream.end(body);
  return promise;
}

const NEVER_SENT = ['ERR_HTTP2_GOAWAY_SESSION', 'ERR_HTTP2_INVALID_SESSION', 'ERR_HTTP2_OUT_OF_STREAMS'];

function endOf({ rstCode }: ClientHttp2Stream, cause: unknown): Error {
  const code = String((cause as { code?: unknown } | undefined)?.code);
  if (rstCode === constants.NGHTTP2_REFUSED_STREAM || NEVER_SENT.includes(code)) {
    return new LeftUndone('the connection ended before the request was taken', { cause });
  }
  return new BrokenOff('the stream ended without an answer', { cause });
}

function readReply(head: IncomingHttpHeaders, body: Buffer): ApnsReply {
  const apnsId = head['apns-id'];
  return {
    status: Number(head[':status']),
    ...(typeof apnsId === 'string' && { apnsId }),
    retryAfter: head['retry-after'],
    body: parsed(body),
  };
}

function parsed(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    // Whoever reads it judges by the status then.
    return undefined;
  }
}
