const KEPT = 10_000;
const WAITING_LIMIT = 1_000;
const LISTED_AT_ONCE = 500;

/** What a log adds to each message. */
export interface Logged {
  /** Grows with every message, across restarts too: whoever remembers the last one misses none that came later. */
  readonly sequence: number;
  /** RFC 3339. */
  readonly receivedAt: string;
}

/** Which messages are asked for. */
export interface LogQuery {
  /** Only those to this push token or number. */
  readonly recipient?: string | undefined;
  /** Only those with a greater sequence. */
  readonly after: number;
}

/** What a simulated service took, in order, and those who wait for more. */
export interface MessageLog<Message extends object> {
  add(message: Message): Message & Logged;
  /** Newest first. */
  latest(count: number): (Message & Logged)[];
  /** Oldest first, at most 500. */
  list(query: LogQuery): (Message & Logged)[];
  /**
   * The same, but when there is none it waits for one until `waitMs` have passed or `signal` aborts.
   * Undefined when too many are waiting already.
   */
  waitFor(query: LogQuery, waitMs: number, signal: AbortSignal): Promise<(Message & Logged)[] | undefined>;
}

/** Keeps the last 10,000 messages. */
export function createMessageLog<Message extends object>(
  recipientOf: (message: Message) => string | undefined,
): MessageLog<Message> {
  type Entry = Message & Logged;
  const entries: Entry[] = [];
  const waiting = new Set<(entry: Entry) => void>();
  let sequence = Date.now() * 1_000;

  const matches = ({ recipient, after }: LogQuery, entry: Entry): boolean =>
    entry.sequence > after && (recipient === undefined || recipientOf(entry) === recipient);
  const list = (query: LogQuery): Entry[] => entries.filter((entry) => matches(query, entry)).slice(0, LISTED_AT_ONCE);

  return {
    list,
    latest: (count) => entries.slice(-count).reverse(),
    add(message) {
      sequence += 1;
      const entry = { sequence, receivedAt: new Date().toISOString(), ...message };
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
      for (const tell of [...waiting]) tell(entry);
      return entry;
    },
    waitFor(query, waitMs, signal) {
      const present = list(query);
      if (present.length > 0 || waitMs === 0) return Promise.resolve(present);
      if (waiting.size >= WAITING_LIMIT) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const end = (found: Entry[]): void => {
          waiting.delete(tell);
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          resolve(found);
        };
        const giveUp = (): void => end([]);
        const tell = (entry: Entry): void => {
          if (matches(query, entry)) end([entry]);
        };
        const timer = setTimeout(giveUp, waitMs);
        waiting.add(tell);
        signal.addEventListener('abort', giveUp);
      });
    },
  };
}
