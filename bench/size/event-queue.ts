/** Things that are to happen, each at a time; the earliest comes out first, and of those at one time the one put in first. */
export interface EventQueue<Event> {
  put(atMs: number, event: Event): void;
  /** Undefined when nothing is left. */
  take(): { readonly atMs: number; readonly event: Event } | undefined;
}

interface Entry<Event> {
  readonly atMs: number;
  readonly order: number;
  readonly event: Event;
}

/** A binary heap. */
export function createEventQueue<Event>(): EventQueue<Event> {
  const heap: Entry<Event>[] = [];
  let order = 0;

  const isBefore = (one: number, other: number): boolean => {
    const [a, b] = [heap[one] as Entry<Event>, heap[other] as Entry<Event>];
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  };
  const swap = (one: number, other: number): void => {
    const kept = heap[one] as Entry<Event>;
    heap[one] = heap[other] as Entry<Event>;
    heap[other] = kept;
  };

  return {
    put(atMs, event) {
      let at = heap.push({ atMs, order, event }) - 1;
      order += 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    take() {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length === 0) return first;
      heap[0] = last;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        if (left >= heap.length) return first;
        const next = right < heap.length && isBefore(right, left) ? right : left;
        if (!isBefore(next, at)) return first;
        swap(at, next);
        at = next;
      }
    },
  };
}
