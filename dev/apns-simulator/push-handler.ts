import { randomUUID } from 'node:crypto';
import { constants, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import type { Behaviours } from '../simulated/behaviours.ts';
import type { PushLog } from '../simulated/push-log.ts';
import type { Behaviour } from './behaviours.ts';
import type { ApnsEnvironment, Devices } from './devices.ts';
import type { ProviderTokens } from './provider-tokens.ts';
import { APNS_REASONS, type ApnsReason } from './reasons.ts';
import { findHeaderFault, readPath, readPayload } from './request-rules.ts';

const BODY_LIMIT_BYTES = 64 * 1_024;

/** What sending depends on. */
export interface PushDependencies {
  readonly environment: ApnsEnvironment;
  readonly providerTokens: ProviderTokens;
  readonly devices: Devices;
  readonly behaviours: Behaviours<Behaviour>;
  readonly pushes: PushLog;
}

interface Refusal {
  readonly reason: ApnsReason;
  /** Since when the device token is none, epoch ms. */
  readonly sinceMs?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

type StreamListener = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  flags: number,
  rawHeaders: string[],
) => void;

/** `POST /3/device/{token}`: checks what the real service checks, then does as it was told to. `cut` ends a connection. */
export function createPushHandler(
  { environment, providerTokens, devices, behaviours, pushes }: PushDependencies,
  cut: (session: ServerHttp2Session) => void,
): StreamListener {
  /** Of each connection: the last push that was taken, and the last one that may be after its end was announced. */
  const lastTaken = new WeakMap<object, number>();
  const takenUpTo = new WeakMap<object, number>();

  /** False for a push that its sender was told to be left undone; it will send it again elsewhere. */
  function mayTake({ session, id = 0 }: ServerHttp2Stream): boolean {
    if (!session || id > (takenUpTo.get(session) ?? Number.POSITIVE_INFINITY)) return false;
    lastTaken.set(session, Math.max(id, lastTaken.get(session) ?? 0));
    return true;
  }

  async function handle(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]): Promise<void> {
    const request = { headers, rawHeaders, body: await readBody(stream) };
    const given = headers['apns-id'];
    const apnsId = typeof given === 'string' ? given : randomUUID().toUpperCase();
    const refuse = (refusal: Refusal): void => sendRefusal(stream, apnsId, refusal);

    const path = readPath(headers[':method'], headers[':path']);
    if ('reason' in path) return refuse(path);
    const fault = (await providerTokens.refusalOf(headers.authorization)) ?? findHeaderFault(request);
    if (fault) return refuse({ reason: fault });
    const read = readPayload(request);
    if ('reason' in read) return refuse(read);

    const behaviour = behaviours.take(path.token);
    if (behaviour && behaviour.reply !== 'accept' && behaviour.reply !== 'goaway') {
      return await misbehave(stream, behaviour, refuse);
    }
    const topic = headers['apns-topic'] as string;
    const refusal = devices.refusalOf(path.token, topic, environment);
    if (refusal) return refuse(refusal);
    if (!mayTake(stream)) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
    const own = Object.entries(headers).filter(([name]) => name.startsWith('apns-'));
    const message = { environment, topic, headers: Object.fromEntries(own), payload: read.payload };
    pushes.add({ message: { token: path.token, ...message } });
    if (behaviour?.reply === 'goaway') stream.session?.close();
    if (behaviour?.delayMs) await pause(behaviour.delayMs);
    const unique = environment === 'development' && { 'apns-unique-id': randomUUID() };
    if (!stream.destroyed) stream.respond({ ':status': 200, 'apns-id': apnsId, ...unique }, { endStream: true });
  }

  async function misbehave(
    stream: ServerHttp2Stream,
    { reply, delayMs, retryAfterSeconds, timestampMs }: Behaviour,
    refuse: (refusal: Refusal) => void,
  ): Promise<void> {
    if (delayMs > 0) await pause(delayMs);
    const session = stream.session as ServerHttp2Session | undefined;
    if (reply === 'hang' || stream.destroyed || !session) return;
    switch (reply) {
      case 'reset':
        return stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      case 'drop':
        return cut(session);
      case 'goaway_refusing': {
        const last = lastTaken.get(session) ?? 0;
        takenUpTo.set(session, last);
        // No id at all is what Node takes 0 for.
        if (last > 0) session.goaway(constants.NGHTTP2_NO_ERROR, last);
        stream.close(constants.NGHTTP2_REFUSED_STREAM);
        return session.close();
      }
      case 'goaway_error':
        session.goaway(constants.NGHTTP2_INTERNAL_ERROR, stream.id ?? 0, Buffer.from('{"reason":"Shutdown"}'));
        return session.close();
      case 'accept':
      case 'goaway':
        return;
      default: {
        const sinceMs = APNS_REASONS[reply] === 410 ? (timestampMs ?? Date.now()) : undefined;
        return refuse({ reason: reply, sinceMs, retryAfterSeconds });
      }
    }
  }

  return (stream, headers, _flags, rawHeaders) => {
    stream.on('error', () => undefined); // the peer broke it off
    handle(stream, headers, rawHeaders).catch((error: unknown) => {
      console.error(error);
      if (!stream.destroyed) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    });
  };
}

/** The body, or as much of it as says that it is too large. */
async function readBody(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function sendRefusal(stream: ServerHttp2Stream, apnsId: string, refusal: Refusal): void {
  if (stream.destroyed) return;
  const { reason, sinceMs, retryAfterSeconds } = refusal;
  stream.respond({
    ':status': APNS_REASONS[reason],
    'apns-id': apnsId,
    'content-type': 'application/json',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  });
  stream.end(JSON.stringify({ reason, ...(sinceMs !== undefined && { timestamp: sinceMs }) }));
}
