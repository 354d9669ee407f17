/** The text of an SMS. */

const PLACEHOLDER = '{code}';

export interface SmsContent {
  /** What the portal or the type says; `{code}` stands for the code, any number of times. */
  readonly message: string;
  readonly code: string;
  /** Host of the page that may read the code by itself; null where none may. */
  readonly originHost: string | null;
}

/**
 * The message with its code; the code alone where the message has no place for it. With an origin host the last line binds
 * the code to that host, so that browsers fill it in there and nowhere else (WICG "Origin-bound one-time codes"): nothing
 * may follow it.
 */
export function renderSmsMessage({ message, code, originHost }: SmsContent): string {
  // Split and joined: neither message nor code is ever read as a pattern.
  const text = message.includes(PLACEHOLDER) ? message.split(PLACEHOLDER).join(code) : code;
  return originHost === null ? text : `${text.trimEnd()}\n\n@${originHost} #${code}`;
}
