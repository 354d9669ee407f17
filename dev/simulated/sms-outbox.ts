import { createMessageLog, type MessageLog } from './message-log.ts';

/** A message that a simulated gateway took. */
export interface SentSms {
  readonly id: string;
  readonly to: string;
  /** Null where the sender left it to the service. */
  readonly from: string | null;
  readonly body: string;
}

/** What was sent. */
export type SmsOutbox<Sms extends SentSms = SentSms> = MessageLog<Sms>;

/** Keeps the last 10,000 messages. */
export function createSmsOutbox<Sms extends SentSms = SentSms>(): SmsOutbox<Sms> {
  return createMessageLog<Sms>(({ to }) => to);
}
