/** How often a user may be wrong. */

/** Wrong numbers in one transaction. */
export const MAX_NUMBER_ATTEMPTS = 3;

/** PINs in a row, whatever an application allows (NIST SP 800-63B: ten at most). */
export const PIN_CEILING = 10;

/** Wrong SMS codes in one transaction, whatever its type allows: of a million codes a hundred tries find one in 10,000. */
export const SMS_CODE_CEILING = 100;

/** SMS codes that may be tried in one transaction; a type's 0 means no limit of its own. */
export function smsCodeLimitOf(typeLimit: number): number {
  return typeLimit === 0 ? SMS_CODE_CEILING : Math.min(typeLimit, SMS_CODE_CEILING);
}

/** Attempts that an application allows; its 0 means no limit of its own. */
export function pinLimitOf(applicationLimit: number): number {
  return applicationLimit === 0 ? PIN_CEILING : Math.min(applicationLimit, PIN_CEILING);
}

/** An attempt that was charged: how many are left if it turns out wrong. */
export interface ChargedAttempt {
  readonly attemptsLeft: number;
}
