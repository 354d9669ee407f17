import { createLookOn } from './look-on.ts';
import type { StageRow, StageStore } from './ports.ts';

/** How late a listener hears of an event at most, as long as the database answers. */
const POLL_EVERY_MS = 250;
/** No statement of ours is committed so long after it has drawn its event's id (db/knex.ts ends them before). */
const LATE_COMMIT_MS = 5_000;

/** Hears the events of one transaction that it has not heard yet, in the order of their ids. */
export type StageListener = (rows: readonly StageRow[]) => void;

export interface StageWatch {
  /** The function ends the listening. How many may listen is bounded where they come from (`API_MAX_EVENT_STREAMS`). */
  listen(transactionId: string, listener: StageListener): () => void;
  /** Tells every listener that it is over (no rows), and polls no more. */
  stop(): void;
  readonly listenerCount: number;
}

export interface StageWatchOptions {
  readonly readAfter: StageStore['readAfter'];
  /** Hears when polls begin to fail; the next one that does not makes up for them. */
  readonly warn: (error: unknown) => void;
}

interface Listening {
  readonly transactionId: string;
  readonly listener: StageListener;
  readonly heard: Set<number>;
  /** Of this listener's first poll everything is new. */
  isNew: boolean;
}

/**
 * Asks the database for the events of all watched transactions together, by one short statement four times a second, and
 * not at all while nobody listens: a listener holds neither connection nor transaction. A notification from the database
 * in place of it would take a lock of the whole database with each commit.
 */
export function createStageWatch({ readAfter, warn }: StageWatchOptions): StageWatch {
  const listening = new Set<Listening>();
  /** Event ids seen by recent polls, so that what was committed late is still found. */
  let recent: { readonly atMs: number; readonly eventId: number }[] = [];
  let isStopped = false;
  const polls = createLookOn({ look: poll, everyMs: POLL_EVERY_MS, isWanted: () => listening.size > 0, warn });

  async function poll(): Promise<void> {
    const newcomers = [...listening].filter(({ isNew }) => isNew);
    const others = [...listening].filter(({ isNew }) => !isNew);
    await Promise.all([tell(newcomers, 0), tell(others, floor())]);
  }

  async function tell(whom: readonly Listening[], afterEventId: number): Promise<void> {
    if (whom.length === 0) return;
    const rows = await readAfter([...new Set(whom.map(({ transactionId }) => transactionId))], afterEventId);
    const last = rows.at(-1);
    if (last) recent.push({ atMs: performance.now(), eventId: last.eventId });
    const byTransaction = Map.groupBy(rows, ({ transactionId }) => transactionId);
    for (const each of whom) {
      each.isNew = false;
      const fresh = (byTransaction.get(each.transactionId) ?? []).filter(({ eventId }) => !each.heard.has(eventId));
      for (const { eventId } of fresh) each.heard.add(eventId);
      if (fresh.length > 0 && listening.has(each)) each.listener(fresh);
    }
  }

  /** The greatest id that was seen so long ago that nothing below it can still appear. */
  function floor(): number {
    const settledBefore = performance.now() - LATE_COMMIT_MS;
    const old = recent.filter(({ atMs }) => atMs < settledBefore);
    const eventId = Math.max(0, ...old.map((seen) => seen.eventId));
    recent = [{ atMs: 0, eventId }, ...recent.filter(({ atMs }) => atMs >= settledBefore)];
    return eventId;
  }

  return {
    listen(transactionId, listener) {
      const each: Listening = { transactionId, listener, heard: new Set(), isNew: true };
      listening.add(each);
      if (isStopped) listener([]);
      else polls.within(0);
      return () => void listening.delete(each);
    },
    stop() {
      isStopped = true;
      polls.stop();
      for (const { listener } of listening) listener([]);
      listening.clear();
    },
    get listenerCount() {
      return listening.size;
    },
  };
}
