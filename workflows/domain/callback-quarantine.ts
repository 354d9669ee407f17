/** When a callback address that keeps failing is spared, and how often it is tried then. */

const MINUTE_MS = 60_000;

/** Both must be reached: a burst of callbacks into one short outage is no reason, and neither is a lone old failure. */
const FAILURES = 5;
const FAILING_FOR_MS = 5 * MINUTE_MS;

/** From one trial of the whole address to the next; the last goes on for good. */
const DELAYS_MS = [MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS];

/** Failures of an address since it last took a callback, whatever transactions they were of. */
export interface AddressFailures {
  readonly consecutive: number;
  readonly sinceMs: number;
}

/** True when an address is to be put into quarantine. */
export function isQuarantineDue({ consecutive, sinceMs }: AddressFailures, nowMs: number): boolean {
  return consecutive >= FAILURES && nowMs - sinceMs >= FAILING_FOR_MS;
}

/** Milliseconds to the next trial of an address in quarantine that was tried `trials` times there. */
export function delayBeforeTrialMs(trials: number): number {
  return DELAYS_MS[Math.min(Math.max(trials, 0), DELAYS_MS.length - 1)] as number;
}
