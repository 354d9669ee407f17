/** A proof is good for a minute either way; clocks that are nearer than this to each other are not why one was refused. */
const NEAR_MS = 30_000;

/** The server's clock, as far as this phone knows it; the phone's own may be wrong by hours. */
export interface ServerClock {
  /** Epoch ms. */
  now(): number;
  /** Epoch ms by the clock that is behind, the server's or the phone's: what is signed then is of the future for neither. */
  earlier(): number;
  /**
   * Goes by the `Date` of this reply from now on. False where it tells nothing new, or nothing: browsers hide it from
   * pages of other origins.
   */
  learnFrom(reply: Response): boolean;
}

/**
 * Goes by the phone's clock until a reply teaches it better. That is not kept: a wrong clock may be put right meanwhile,
 * and learning costs one request. Only freshness of requests rests on it, which is the server's own to judge.
 */
export function createServerClock(phoneNow: () => number): ServerClock {
  let aheadMs = 0;
  const now = (): number => phoneNow() + aheadMs;
  return {
    now,
    earlier: () => Math.min(now(), phoneNow()),
    learnFrom(reply) {
      const saidMs = Date.parse(reply.headers.get('date') ?? '');
      if (Number.isNaN(saidMs) || Math.abs(saidMs - now()) < NEAR_MS) return false;
      aheadMs = saidMs - phoneNow();
      return true;
    },
  };
}
