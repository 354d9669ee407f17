// The full metadata: the smaller sets do not know which numbers are premium rate or free of charge.
import { type NumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A number as it is stored and sent to. */
export interface PhoneNumber {
  /** E.164, such as `+31612345678`. */
  readonly e164: string;
  /** ISO 3166 alpha-2; null for numbers of no country, such as satellite phones. */
  readonly country: string | null;
}

/** Kinds that no person receives an SMS on; messages to some of them earn their owner money. */
const REFUSED_KINDS: readonly NumberType[] = ['PREMIUM_RATE', 'SHARED_COST', 'TOLL_FREE', 'UAN', 'VOICEMAIL'];

const MAX_LENGTH = 40;

/**
 * Reads a number in international notation (`+`, spaces and punctuation allowed). Undefined for what can not be one: too
 * long or short for its country, of an unknown country, or of a kind that gets no SMS. A number of the right length that is
 * not assigned passes, as numbering plans grow faster than anybody's list of them: the gateway has the last word.
 */
export function readPhoneNumber(text: string): PhoneNumber | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH || !/^\+[\d\s().-]+$/.test(trimmed)) return undefined;
  const number = parsePhoneNumberFromString(trimmed, { extract: false });
  if (!number?.isPossible() || REFUSED_KINDS.includes(number.getType())) return undefined;
  return { e164: number.number, country: number.country ?? null };
}

/** The calling code of a number's country and its last two digits, for logs and events: `+31*******78`. */
export function maskPhoneNumber(e164: string): string {
  const callingCode = parsePhoneNumberFromString(e164)?.countryCallingCode ?? '';
  const shown = `+${callingCode}`;
  return `${shown}${'*'.repeat(Math.max(0, e164.length - shown.length - 2))}${e164.slice(-2)}`;
}
