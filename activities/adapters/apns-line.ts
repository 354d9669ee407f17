import type { ClientHttp2Session } from 'node:http2';
import { type ApnsReply, type ApnsRequest, exchange, LeftUndone } from './apns-exchange.ts';

/** As many wait for their turn; the next one is turned away at once. */
const WAITING_LIMIT = 1_000;
const PING_EVERY_MS = 60_000;
const PONG_WITHIN_MS = 5_000;
/** A connection that is younger is fresh: failures in a row must not open one connection each. */
const FRESH_FOR_MS = 1_000;

/** Pushes to one host over one connection, which is replaced when it ends. */
export interface ApnsLine {
  /**
   * Throws {@link LineFull}, {@link LeftUndone} when two connections in a row ended before they took the push, the reason
   * of `signal`, or what is wrong with the connection.
   */
  post(request: ApnsRequest, signal: AbortSignal, onFreshConnection: boolean): Promise<ApnsReply>;
  /** Ends the connection at once. */
  close(): void;
}

/** Too many wait for their turn already. */
export class LineFull extends Error {
  override readonly name = 'LineFull';
}

interface Live {
  readonly session: ClientHttp2Session;
  readonly openedAtMs: number;
  underWay: number;
  /** A ping is on its way. */
  isPinged: boolean;
}

interface Waiting {
  board(live: Live): void;
  fail(error: unknown): void;
}

export interface ApnsLineOptions {
  /** A connection whose settings are known. */
  open(): Promise<ClientHttp2Session>;
  /** Whether a reply says that its connection is of no more use. */
  endsConnection(reply: ApnsReply): boolean;
  /** How long the answer to a ping is waited for; 5 s by default. */
  readonly pongWithinMs?: number;
}

/**
 * Opens a connection when there is something to send. A connection that is told to end (GOAWAY) gets no new pushes; those
 * under way on it come to their end. What it left undone goes over the next connection.
 */
export function createApnsLine({ open, endsConnection, pongWithinMs = PONG_WITHIN_MS }: ApnsLineOptions): ApnsLine {
  const waiting = new Set<Waiting>();
  const sessions = new Set<Live>();
  let current: Live | undefined;
  let isOpening = false;
  let isClosed = false;

  /** Lets as many board as the server takes at once; opens a connection where there is none. */
  function move(): void {
    if (!current) {
      if (waiting.size > 0 && !isOpening) void openOne();
      return;
    }
    for (const next of waiting) {
      if (current.underWay >= limitOf(current.session)) return;
      waiting.delete(next);
      current.underWay += 1;
      next.board(current);
    }
  }

  async function openOne(): Promise<void> {
    isOpening = true;
    try {
      const session = await open();
      if (isClosed || session.closed || session.destroyed) {
        session.destroy();
        throw new Error('the connection ended before it could be used');
      }
      adopt(session);
    } catch (error) {
      for (const one of waiting) one.fail(error);
      waiting.clear();
    } finally {
      isOpening = false;
    }
    move();
  }

  function adopt(session: ClientHttp2Session): void {
    const live: Live = { session, openedAtMs: performance.now(), underWay: 0, isPinged: false };
    const pulse = setInterval(() => ping(live), PING_EVERY_MS).unref();
    sessions.add(live);
    current = live;
    session.on('remoteSettings', move);
    session.once('goaway', () => leave(live));
    session.once('close', () => {
      clearInterval(pulse);
      sessions.delete(live);
      leave(live);
    });
  }

  function leave(live: Live): void {
    if (!live.session.closed) live.session.close();
    if (current !== live) return;
    current = undefined;
    move();
  }

  /** Ends a connection on which nothing comes back any more. */
  function ping(live: Live): void {
    const { session } = live;
    if (live.isPinged || session.destroyed) return;
    const timer = setTimeout(() => session.destroy(), pongWithinMs).unref();
    live.isPinged = session.ping((error) => {
      clearTimeout(timer);
      live.isPinged = false;
      if (error) session.destroy();
    });
    if (!live.isPinged) clearTimeout(timer);
  }

  async function turn(signal: AbortSignal): Promise<Live> {
    if (isClosed) throw new Error('the line is closed');
    if (current && waiting.size === 0 && current.underWay < limitOf(current.session)) {
      current.underWay += 1;
      return current;
    }
    if (waiting.size >= WAITING_LIMIT) throw new LineFull('too many pushes wait');
    return new Promise((resolve, reject) => {
      const end = (): void => {
        waiting.delete(mine);
        signal.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => {
        end();
        reject(signal.reason);
      };
      const mine: Waiting = {
        board(live) {
          end();
          resolve(live);
        },
        fail(error) {
          end();
          reject(error);
        },
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp);
      waiting.add(mine);
      move();
    });
  }

  async function postOnce(request: ApnsRequest, signal: AbortSignal): Promise<ApnsReply> {
    const live = await turn(signal);
    try {
      const reply = await exchange(live.session, request, signal);
      if (endsConnection(reply)) leave(live);
      return reply;
    } catch (error) {
      if (error instanceof LeftUndone) leave(live);
      // Either this one push takes its time, or the whole connection is dead.
      else if (signal.aborted) ping(live);
      throw error;
    } finally {
      live.underWay -= 1;
      move();
    }
  }

  return {
    async post(request, signal, onFreshConnection) {
      if (onFreshConnection && current && performance.now() - current.openedAtMs > FRESH_FOR_MS) leave(current);
      try {
        return await postOnce(request, signal);
      } catch (error) {
        if (error instanceof LeftUndone) return postOnce(request, signal);
        throw error;
      }
    },
    close() {
      isClosed = true;
      for (const { session } of sessions) session.destroy();
    },
  };
}

/** Before a server has seen a valid provider token it may take one push at a time. */
function limitOf({ remoteSettings }: ClientHttp2Session): number {
  return Math.max(1, remoteSettings.maxConcurrentStreams ?? 100);
}
