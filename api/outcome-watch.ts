import { AppError } from '../runtime/errors.ts';
import type { FinalState } from '../workflows/domain/transaction.ts';
import { createLookOn } from './look-on.ts';
import type { SettledTransaction } from './ports.ts';

/** How late an outcome is noticed, at most, while the database answers. */
const LOOK_EVERY_MS = 250;

export interface OutcomeWatchOptions {
  /** Looks once for all that are waited for. */
  readonly listOutcomes: (transactionIds: readonly string[]) => Promise<readonly SettledTransaction[]>;
  readonly maxWaiters: number;
  /** Hears when looks begin to fail; they go on all the same. */
  readonly warn: (error: unknown) => void;
}

/** A place to wait in; to be left in any case. */
export interface Seat {
  /** The outcome, or undefined when there is none in time, when `signal` aborts, or when this process ends. */
  wait(transactionId: string, withinMs: number, signal: AbortSignal): Promise<FinalState | undefined>;
  leave(): void;
}

/** Lets callers wait for outcomes without holding anything but their own connection. */
export interface OutcomeWatch {
  /** Throws `overloaded` when all places are taken. */
  takeSeat(): Seat;
  /** Sends everybody away, and lets nobody wait any more. */
  close(): void;
}

/** One statement at a time looks for all that wait, however many they are; none is made while nobody waits. */
export function createOutcomeWatch({ listOutcomes, maxWaiters, warn }: OutcomeWatchOptions): OutcomeWatch {
  const waiters = new Map<string, Set<(outcome: FinalState | undefined) => void>>();
  let taken = 0;
  let isClosed = false;
  const looks = createLookOn({ look, everyMs: LOOK_EVERY_MS, isWanted: () => waiters.size > 0, warn });

  async function look(): Promise<void> {
    for (const { transactionId, outcome } of await listOutcomes([...waiters.keys()])) tell(transactionId, outcome);
  }

  function tell(transactionId: string, outcome: FinalState | undefined): void {
    for (const resolve of waiters.get(transactionId) ?? []) resolve(outcome);
  }

  async function wait(transactionId: string, withinMs: number, signal: AbortSignal): Promise<FinalState | undefined> {
    if (isClosed || signal.aborted) return undefined;
    const { promise, resolve } = Promise.withResolvers<FinalState | undefined>();
    const giveUp = (): void => resolve(undefined);
    const timer = setTimeout(giveUp, withinMs);
    signal.addEventListener('abort', giveUp, { once: true });
    const ofTransaction = waiters.get(transactionId) ?? new Set();
    waiters.set(transactionId, ofTransaction.add(resolve));
    looks.within(LOOK_EVERY_MS);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      ofTransaction.delete(resolve);
      if (ofTransaction.size === 0) waiters.delete(transactionId);
    }
  }

  return {
    takeSeat() {
      if (taken >= maxWaiters) throw new AppError('overloaded', undefined, { retryAfterSeconds: 1 });
      taken += 1;
      let isLeft = false;
      return {
        wait,
        leave() {
          if (!isLeft) taken -= 1;
          isLeft = true;
        },
      };
    },
    close() {
      isClosed = true;
      looks.stop();
      for (const transactionId of [...waiters.keys()]) tell(transactionId, undefined);
    },
  };
}
