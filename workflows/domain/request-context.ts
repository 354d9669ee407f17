/** What the secure message tells of where a request comes from. */
import { expandTemplate } from './message-template.ts';

/** As far as it is known. */
export interface RequestContext {
  readonly operatingSystem?: string;
  readonly browser?: string;
  /** ISO 3166, two letters. */
  readonly countryCode?: string;
  readonly region?: string;
  readonly city?: string;
}

/** Longer than any name of a city, shorter than what could push the message out of sight. */
const MAX_VALUE_LENGTH = 64;

/**
 * The message with its context, by a template whose places are `message` and the fields of the context; `device` is
 * operating system and browser, `location` is city, region and country, both without what is not known.
 */
export function messageInContext(template: string, message: string, context: RequestContext): string {
  const plain = (text: string | undefined) => plainText(text ?? '');
  const operatingSystem = plain(context.operatingSystem);
  const browser = plain(context.browser);
  const countryCode = plain(context.countryCode);
  const region = plain(context.region);
  const city = plain(context.city);
  return expandTemplate(template, {
    message,
    operatingSystem,
    browser,
    countryCode,
    region,
    city,
    device: listOf(operatingSystem, browser),
    location: listOf(city, region, countryCode),
  });
}

/** One line of at most 64 characters: nothing that ends a line, hides a letter or turns the direction of reading. */
function plainText(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/ +/g, ' ')
    .trim();
  return [...line].slice(0, MAX_VALUE_LENGTH).join('').trimEnd();
}

function listOf(...values: readonly string[]): string {
  return values.filter((value) => value !== '').join(', ');
}
