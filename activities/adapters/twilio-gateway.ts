import twilio from 'twilio';
import { twilioSettings } from '../../runtime/sms-gateway-settings.ts';
import type { SmsMessage, SmsReceipt } from '../ports.ts';
import { failureOfTwilioReply } from './twilio-replies.ts';

export interface TwilioGatewayOptions {
  /** Address to which Twilio is to report what becomes of a message; undefined: nowhere. */
  readonly statusCallbackOf: ((message: SmsMessage) => string) | undefined;
  /** The longest that any send is given. */
  readonly timeoutMs: number;
}

/** Connections to Twilio; further sends wait for one until their deadline. */
const MAX_CONNECTIONS = 20;

export type SendSms = (message: SmsMessage, timeoutMs: number) => Promise<SmsReceipt>;

/** Sends by Twilio's Programmable Messaging (twilio.com/docs/messaging/api/message-resource). Throws on malformed settings. */
export function createTwilioGateway(
  settingsJson: string,
  { statusCallbackOf, timeoutMs: longestMs }: TwilioGatewayOptions,
): SendSms {
  const settings = twilioSettings.parse(JSON.parse(settingsJson));
  const { accountSid, authToken, apiKeySid, apiKeySecret, messagingServiceSid, endpoint } = settings;
  const [user, password] = apiKeySid && apiKeySecret ? [apiKeySid, apiKeySecret] : [accountSid, authToken];
  const client = twilio(user, password, { accountSid, timeout: longestMs, maxSockets: MAX_CONNECTIONS });
  if (endpoint !== undefined) client.api.baseUrl = endpoint;

  async function send(message: SmsMessage): Promise<SmsReceipt> {
    const { to, from, text, validitySeconds } = message;
    const sent = await client.messages.create({
      to,
      body: text,
      validityPeriod: validitySeconds,
      ...(from !== null ? { from } : messagingServiceSid !== undefined && { messagingServiceSid }),
      ...(statusCallbackOf && { statusCallback: statusCallbackOf(message) }),
    });
    if (typeof sent.sid === 'string' && sent.sid !== '') return { ok: true, providerMessageId: sent.sid };
    return { ok: false, failure: 'gateway_unavailable' };
  }

  return async (message, timeoutMs) => {
    const deadline = Promise.withResolvers<SmsReceipt>();
    // The library bounds the wait for a connected server alone, so the whole is bounded here.
    const timer = setTimeout(() => deadline.resolve({ ok: false, failure: 'gateway_unavailable' }), timeoutMs);
    try {
      return await Promise.race([send(message).catch(receiptOf), deadline.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Whatever is no reply of Twilio's (refused or lost connections, timeouts) is its unavailability. */
function receiptOf(error: unknown): SmsReceipt {
  if (!(error instanceof twilio.RestException)) return { ok: false, failure: 'gateway_unavailable' };
  const { status, code } = error;
  const failure = failureOfTwilioReply(status, code);
  return { ok: false, failure, providerCode: code === undefined ? `http_${status}` : String(code) };
}
