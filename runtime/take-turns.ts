import { AppError } from './errors.ts';

/** Runs at most `maxAtOnce` at a time, in the order they came; one more than `maxWaiting` is refused: `overloaded`. */
export function takeTurns(
  maxAtOnce: number,
  maxWaiting: number,
): <Value>(work: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= maxAtOnce) {
      if (waiting.length >= maxWaiting) throw new AppError('overloaded', undefined, { retryAfterSeconds: 1 });
      // Whoever leaves hands the turn over, so that nobody who comes meanwhile slips in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
