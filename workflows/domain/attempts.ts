/** How often a user may be wrong. */

/** Wrong numbers in one transaction. */
export const MAX_NUMBER_ATTEMPTS = 3;

/** PINs in a row, whatever an application allows (NIST SP 800-63B: ten at most). */
export const PIN_CEILING = 10;

/** Attempts that an application allows; its 0 means no limit of its own. */
export function pinLimitOf(applicationLimit: number): number {
  return applicationLimit === 0 ? PIN_CEILING : Math.min(applicationLimit, PIN_CEILING);
}

/** An attempt that was charged: how many are left if it turns out wrong. */
export interface ChargedAttempt {
  readonly attemptsLeft: number;
}
