import { localError } from './errors.ts';

/** More than a user would go through; past it the app must come back later. */
const MAX_WAITING = 16;

/** Handles one request at a time, in the order in which they came. */
export interface RequestQueue {
  /**
   * Runs `work` when its turn has come. Throws 9029 while this request is being handled or waits, and 9007 when as many
   * wait as may.
   */
  enter<T>(transactionId: string, work: () => Promise<T>): Promise<T>;
}

/** A queue with nothing in it. */
export function createRequestQueue(): RequestQueue {
  const present = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    enter(transactionId, work) {
      if (present.has(transactionId)) {
        return Promise.reject(localError('request_in_progress', 'This request is being handled already.'));
      }
      // The one in hand does not wait.
      if (present.size > MAX_WAITING) {
        return Promise.reject(localError('queue_full', 'Too many requests wait for the user.'));
      }
      present.add(transactionId);
      const turn = last.then(work).finally(() => present.delete(transactionId));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
