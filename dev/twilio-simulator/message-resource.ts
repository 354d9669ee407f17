import type { Logged } from '../simulated/message-log.ts';
import type { SentSms } from '../simulated/sms-outbox.ts';

/** What becomes of a message, as the real service names it. */
export type MessageStatus = 'accepted' | 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed';

/** A message that the simulated service took. */
export interface TwilioSms extends SentSms {
  readonly messagingServiceSid: string | null;
  readonly validityPeriodSeconds: number;
  readonly statusCallback: string | null;
  /** Moves on as the message is delivered. */
  status: MessageStatus;
  errorCode: number | null;
}

/** The JSON that the real service answers with. */
export function resourceOf(sms: TwilioSms & Logged, accountSid: string): object {
  const date = new Date(sms.receivedAt).toUTCString().replace('GMT', '+0000');
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sms.id}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: sms.body,
    date_created: date,
    date_sent: null,
    date_updated: date,
    direction: 'outbound-api',
    error_code: sms.errorCode,
    error_message: null,
    from: sms.from,
    messaging_service_sid: sms.messagingServiceSid,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid: sms.id,
    status: sms.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: sms.to,
    uri: `${uri}.json`,
  };
}
