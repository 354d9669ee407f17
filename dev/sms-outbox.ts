const KEPT = 10_000;
const WAITING_LIMIT = 1_000;
const LISTED_AT_ONCE = 500;

/** A message that a simulated service took. */
export interface SentSms {
  /** Grows with every message, across restarts too: whoever remembers the last one misses none that came later. */
  readonly sequence: number;
  /** RFC 3339. */
  readonly receivedAt: string;
  readonly id: string;
  readonly to: string;
  /** Null where the sender left it to the service. */
  readonly from: string | null;
  readonly body: string;
}

/** Which messages are asked for. */
export interface OutboxQuery {
  /** Only those to this number. */
  readonly to?: string | undefined;
  /** Only those with a greater sequence. */
  readonly after: number;
}

/** What was sent, in order, and those who wait for more. */
export interface SmsOutbox<Entry extends SentSms = SentSms> {
  add(entry: Omit<Entry, 'sequence' | 'receivedAt'>): Entry;
  /** Oldest first, at most 500. */
  list(query: OutboxQuery): Entry[];
  /**
   * The same, but when there is none it waits for one until `waitMs` have passed or `signal` aborts.
   * Undefined when too many are waiting already.
   */
  waitFor(query: OutboxQuery, waitMs: number, signal: AbortSignal): Promise<Entry[] | undefined>;
}

/** Keeps the last 10,000 messages. */
export function createSmsOutbox<Entry extends SentSms = SentSms>(): SmsOutbox<Entry> {
  const entries: Entry[] = [];
  const waiting = new Set<(entry: Entry) => void>();
  let sequence = Date.now() * 1_000;

  const matches = ({ to, after }: OutboxQuery, entry: Entry): boolean =>
    entry.sequence > after && (to === undefined || entry.to === to);
  const list = (query: OutboxQuery): Entry[] =>
    entries.filter((entry) => matches(query, entry)).slice(0, LISTED_AT_ONCE);

  return {
    list,
    add(fields) {
      sequence += 1;
      const entry = { sequence, receivedAt: new Date().toISOString(), ...fields } as Entry;
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
