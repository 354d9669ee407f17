import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Counts failed authentications and says when somebody must wait. In memory: each api process counts for itself. */
export interface FailureThrottle {
  /** Seconds until the next attempt of this client from this address is looked at; undefined: now. */
  waitSecondsOf(clientId: string, address: string): number | undefined;
  failed(clientId: string, address: string): void;
  succeeded(clientId: string, address: string): void;
}

export interface FailureThrottleOptions {
  /** Failures within one window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Pairs of client and address that are remembered; of more, those that failed longest ago are forgotten. */
  readonly maxPairs: number;
  readonly nowMs: () => number;
}

export function createFailureThrottle({ limit, windowMs, maxPairs, nowMs }: FailureThrottleOptions): FailureThrottle {
  const failures = new LRUCache<string, { count: number; readonly endsAtMs: number }>({ max: maxPairs });

  function current(pair: string): { count: number; readonly endsAtMs: number } | undefined {
    const known = failures.get(pair);
    return known && known.endsAtMs > nowMs() ? known : undefined;
  }

  return {
    waitSecondsOf(clientId, address) {
      const known = current(pairOf(clientId, address));
      return known && known.count >= limit ? Math.ceil((known.endsAtMs - nowMs()) / 1_000) : undefined;
    },
    failed(clientId, address) {
      const pair = pairOf(clientId, address);
      const known = current(pair);
      if (known) known.count += 1;
      else failures.set(pair, { count: 1, endsAtMs: nowMs() + windowMs });
    },
    succeeded(clientId, address) {
      failures.delete(pairOf(clientId, address));
    },
  };
}

/** A hash, because anybody may send names of any length. */
function pairOf(clientId: string, address: string): string {
  return createHash('sha256').update(`${address}\n${clientId}`).digest('base64url');
}
