/** When a callback that failed is tried again. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Short while the portal's user is still waiting, then as patient as the Standard Webhooks recommendation. */
const DELAYS_MS = [
  2 * SECOND_MS,
  5 * SECOND_MS,
  15 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
];

const JITTER = 0.2;

/**
 * Milliseconds from failed attempt `attempt` (1 is the first) to the next, spread by ±20 % so that portals that fell
 * together are not called together. `random` is uniform in [0, 1).
 */
export function delayBeforeNextAttemptMs(attempt: number, random: number): number {
  const index = Math.min(Math.max(attempt, 1), DELAYS_MS.length) - 1;
  return Math.round((DELAYS_MS[index] as number) * (1 - JITTER + 2 * JITTER * random));
}

/**
 * Attempts of a delivery that a portal asked for again: some six minutes. It is somebody's wish of the moment; whoever
 * still wants it later asks once more.
 */
export const REDELIVERY_ATTEMPTS = 6;

/** How often a portal may ask for one callback again. */
export const MAX_REDELIVERIES = 20;

/**
 * Milliseconds from the last redelivery to the next one that nobody asked for, where the workflow that was to call the
 * portal is gone: with twelve in 72 hours, of which each has its own attempts, some are left for the portal to ask for.
 */
export function delayBeforeNextRedeliveryMs(redeliveries: number): number {
  return redeliveries === 0 ? 0 : Math.min(10 * HOUR_MS, 10 * MINUTE_MS * 2 ** redeliveries);
}

/** Where others wait for the same moment: no sooner than `waitMs`, and up to a fifth later. `random` is uniform in [0, 1). */
export function spreadMs(waitMs: number, random: number): number {
  return Math.ceil(waitMs * (1 + JITTER * random));
}
