import { LRUCache } from 'lru-cache';
import { createServerPgp, type ServerPgp } from './openpgp.ts';

/** Pairs kept ready, some 10 kB each; others are read again. */
const MAX_CACHED_PAIRS = 1_000;

/** Which enrolment it is, and whether the server made a pair for it alone. */
export interface PairOwner {
  readonly enrolmentId: string;
  readonly hasOwnServerKey: boolean;
}

/** Finds the server's OpenPGP pair that an enrolment was made with. */
export interface EnrolmentPgp {
  of(owner: PairOwner): Promise<ServerPgp>;
}

/** `shared` is for all enrolments without a pair of their own; a pair never changes, so what is cached stays right. */
export function createEnrolmentPgp(
  shared: ServerPgp,
  find: (enrolmentId: string) => Promise<{ readonly publicKey: string; readonly privateKey: string } | undefined>,
): EnrolmentPgp {
  const own = new LRUCache<string, ServerPgp>({ max: MAX_CACHED_PAIRS });
  return {
    async of({ enrolmentId, hasOwnServerKey }) {
      if (!hasOwnServerKey) return shared;
      const cached = own.get(enrolmentId);
      if (cached) return cached;
      const pair = await find(enrolmentId);
      if (!pair) throw new Error(`the server key of enrolment ${enrolmentId} is lost`);
      const pgp = await createServerPgp(pair, { maxCachedKeys: 1 });
      own.set(enrolmentId, pgp);
      return pgp;
    },
  };
}
