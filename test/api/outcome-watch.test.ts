import { createOutcomeWatch } from '../../api/outcome-watch.ts';
import type { SettledTransaction } from '../../api/ports.ts';

const OUTCOME = { status: 'approved', settledAtMs: 1, method: 'push' } as const;
const LONG_MS = 60_000;
const never = new AbortController().signal;

/** A database in which transactions are settled by hand. */
function aWatch(maxWaiters = 10) {
  const settled: SettledTransaction[] = [];
  const looks: (readonly string[])[] = [];
  const failures: unknown[] = [];
  let isAway = false;
  const watch = createOutcomeWatch({
    listOutcomes: async (ids) => {
      looks.push(ids);
      if (isAway) throw new Error('away');
      return settled.filter(({ transactionId }) => ids.includes(transactionId));
    },
    maxWaiters,
    warn: (error) => {
      failures.push(error);
      isAway = false;
    },
  });
  return {
    watch,
    looks,
    failures,
    settle: (transactionId: string) => settled.push({ transactionId, outcome: OUTCOME }),
    goAway: () => {
      isAway = true;
    },
  };
}

it('tells all who wait, by one look for all of them', async () => {
  const { watch, looks, settle } = aWatch();
  const waiting = ['a', 'a', 'b'].map((id) => watch.takeSeat().wait(id, LONG_MS, never));
  settle('a');
  settle('b');
  expect(await Promise.all(waiting)).toEqual([OUTCOME, OUTCOME, OUTCOME]);
  expect(looks).toEqual([['a', 'b']]);
});

it('gives up after the time, when the caller is gone, and when the process ends', async () => {
  const { watch } = aWatch();
  expect(await watch.takeSeat().wait('a', 1, never)).toBeUndefined();
  const gone = new AbortController();
  const left = watch.takeSeat().wait('a', LONG_MS, gone.signal);
  gone.abort();
  expect(await left).toBeUndefined();
  expect(await watch.takeSeat().wait('a', LONG_MS, gone.signal)).toBeUndefined();
  const last = watch.takeSeat().wait('a', LONG_MS, never);
  watch.close();
  expect(await last).toBeUndefined();
  expect(await watch.takeSeat().wait('a', LONG_MS, never)).toBeUndefined();
});

it('looks again after a look that failed', async () => {
  const { watch, failures, settle, goAway } = aWatch();
  goAway();
  const waiting = watch.takeSeat().wait('a', LONG_MS, never);
  settle('a');
  expect(await waiting).toEqual(OUTCOME);
  expect(failures).toHaveLength(1);
});

it('has a bounded number of places, and each is free again once it is left', () => {
  const { watch } = aWatch(2);
  const seat = watch.takeSeat();
  watch.takeSeat();
  expect(() => watch.takeSeat()).toThrow(expect.objectContaining({ code: 'overloaded' }));
  seat.leave();
  seat.leave();
  watch.takeSeat();
  expect(() => watch.takeSeat()).toThrow(expect.objectContaining({ code: 'overloaded' }));
});
