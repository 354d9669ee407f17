const KEPT = 10_000;
const WAITING_LIMIT = 1_000;
const LISTED_AT_ONCE = 500;

/** What a service took for a phone, in its own form. */
export interface PushedMessage {
  /** Push token of the app on that phone. */
  readonly token?: string;
  readonly [field: string]: unknown;
}

/** A message that arrived on a phone. */
export interface Push {
  /** Grows with every push, across restarts too: a phone that remembers its last one misses none that came later. */
  readonly sequence: number;
  /** RFC 3339. */
  readonly receivedAt: string;
  readonly message: PushedMessage;
}

/** What arrived, in order, and those who wait for more. */
export interface PushLog {
  add(message: PushedMessage): Push;
  /** Newest first. */
  latest(count: number): Push[];
  /** Oldest first, at most 500. */
  list(query: PushQuery): Push[];
  /**
   * The same, but when there is none it waits for one until `waitMs` have passed or `signal` aborts.
   * Undefined when too many are waiting already.
   */
  waitFor(query: PushQuery, waitMs: number, signal: AbortSignal): Promise<Push[] | undefined>;
}

/** Which pushes are asked for. */
export interface PushQuery {
  /** Only those to this registration. */
  readonly token?: string | undefined;
  /** Only those with a greater sequence. */
  readonly after: number;
}

/** Keeps the last 10,000 pushes. */
export function createPushLog(): PushLog {
  const pushes: Push[] = [];
  const waiting = new Set<(push: Push) => void>();
  let sequence = Date.now() * 1_000;

  const matches = ({ token, after }: PushQuery, push: Push): boolean =>
    push.sequence > after && (token === undefined || push.message.token === token);
  const list = (query: PushQuery): Push[] => pushes.filter((push) => matches(query, push)).slice(0, LISTED_AT_ONCE);

  return {
    list,
    latest: (count) => pushes.slice(-count).reverse(),
    add(message) {
      sequence += 1;
      const push = { sequence, receivedAt: new Date().toISOString(), message };
      pushes.push(push);
      if (pushes.length > KEPT) pushes.shift();
      for (const tell of [...waiting]) tell(push);
      return push;
    },
    waitFor(query, waitMs, signal) {
      const present = list(query);
      if (present.length > 0 || waitMs === 0) return Promise.resolve(present);
      if (waiting.size >= WAITING_LIMIT) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const end = (found: Push[]): void => {
          waiting.delete(tell);
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          resolve(found);
        };
        const giveUp = (): void => end([]);
        const tell = (push: Push): void => {
          if (matches(query, push)) end([push]);
        };
        const timer = setTimeout(giveUp, waitMs);
        waiting.add(tell);
        signal.addEventListener('abort', giveUp);
      });
    },
  };
}
