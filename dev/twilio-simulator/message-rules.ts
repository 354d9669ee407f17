import type { TwilioAccount } from './twilio-account.ts';
import type { TwilioErrorCode } from './twilio-error.ts';

/** The parameters of a message, as they came. */
export type MessageForm = Readonly<Record<string, unknown>>;

/** A message that may be sent. */
export interface CheckedMessage {
  readonly to: string;
  /** Null: the messaging service chooses. */
  readonly from: string | null;
  readonly body: string;
  readonly messagingServiceSid: string | null;
  readonly statusCallback: string | null;
  readonly validityPeriodSeconds: number;
}

const MAX_BODY = 1_600;
/** Seconds, as the real service takes them. */
const MAX_VALIDITY = 36_000;

/** Numbers that the real service refuses for its test accounts, by what it says then. */
const REFUSED_TO: ReadonlyMap<string, TwilioErrorCode> = new Map([
  ['+15005550001', 21211],
  ['+15005550002', 21612],
  ['+15005550003', 21408],
  ['+15005550004', 21610],
  ['+15005550009', 21614],
]);
const REFUSED_FROM: ReadonlyMap<string, TwilioErrorCode> = new Map([
  ['+15005550001', 21212],
  ['+15005550007', 21606],
  ['+15005550008', 21611],
]);

/** Checks a message in the order of the real service: the message, or the code of its refusal. */
export function checkMessage(form: MessageForm, account: TwilioAccount): CheckedMessage | TwilioErrorCode {
  const [to, from, body] = [textOf(form.To), textOf(form.From), textOf(form.Body)];
  const service = textOf(form.MessagingServiceSid);
  const callback = textOf(form.StatusCallback);
  if (to === null) return 21604;
  if (from === null && service === null) return 21603;
  if (body === null) return 21602;
  if (body.length > MAX_BODY) return 21617;
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return 21211;
  const refused = REFUSED_TO.get(to) ?? (from === null ? undefined : refusalOfSender(from, to, account));
  if (refused) return refused;
  if (service !== null && service !== account.messagingServiceSid) return 21701;
  if (callback !== null && !/^https?:\/\/[a-z0-9.-]+(:\d+)?(\/|\?|$)/i.test(callback)) return 21609;
  const validity = textOf(form.ValidityPeriod) ?? String(MAX_VALIDITY);
  if (!/^\d{1,5}$/.test(validity) || Number(validity) < 1 || Number(validity) > MAX_VALIDITY) return 21624;
  return {
    to,
    from,
    body,
    messagingServiceSid: service,
    statusCallback: callback,
    validityPeriodSeconds: Number(validity),
  };
}

function refusalOfSender(from: string, to: string, { numbers }: TwilioAccount): TwilioErrorCode | undefined {
  if (/^\+[1-9]\d{6,14}$/.test(from)) return REFUSED_FROM.get(from) ?? (numbers.includes(from) ? undefined : 21660);
  // A name: letters, digits and spaces, one letter at least, eleven at most.
  if (!/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(from)) return 21212;
  // The United States and Canada take no names.
  return to.startsWith('+1') ? 21612 : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
