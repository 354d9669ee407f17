import { Agent, request } from 'undici';
import { restGatewaySettings } from '../../runtime/sms-gateway-settings.ts';
import type { SmsGatewayFailure, SmsMessage, SmsReceipt } from '../ports.ts';

const CONNECTIONS = 8;
const MAX_REPLY_BYTES = 4_096;

/** Hands messages to one gateway and holds connections to it. */
export interface RestSmsGateway {
  send(message: SmsMessage, timeoutMs: number): Promise<SmsReceipt>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/**
 * Sends by an operator's own gateway: POST of JSON (`phone_number`, `message`, `verification_code`, `sender_id`), Basic
 * authentication where it is set. 204 is the only yes. `Idempotency-Key` names the step, for gateways that look at it.
 * Throws on malformed settings.
 */
export function createRestSmsGateway(settingsJson: string): RestSmsGateway {
  const { url, username, password } = restGatewaySettings.parse(JSON.parse(settingsJson));
  const agent = new Agent({ connections: CONNECTIONS });
  const credentials = username && `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

  return {
    async send({ to, from, text, code, transactionId, step }, timeoutMs) {
      const reference = `${transactionId}-${step}`;
      try {
        const { statusCode, body } = await request(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'idempotency-key': reference,
            ...(credentials && { authorization: credentials }),
          },
          body: JSON.stringify({
            phone_number: to,
            message: text,
            verification_code: code,
            ...(from !== null && { sender_id: from }),
          }),
          signal: AbortSignal.timeout(timeoutMs),
          dispatcher: agent,
        });
        await body.dump({ limit: MAX_REPLY_BYTES });
        // A gateway that answers 204 gives no id of its own.
        if (statusCode === 204) return { ok: true, providerMessageId: reference };
        return { ok: false, failure: failureOf(statusCode), providerCode: `http_${statusCode}` };
      } catch {
        // Refused, lost or too slow: whatever it was, the gateway did not say yes.
        return { ok: false, failure: 'gateway_unavailable' };
      }
    },
    close: () => agent.close(),
  };
}

function failureOf(httpStatus: number): SmsGatewayFailure {
  if (httpStatus === 401 || httpStatus === 403 || httpStatus === 404) return 'misconfigured';
  if (httpStatus === 429) return 'throttled';
  if (httpStatus >= 400 && httpStatus < 500) return 'message_refused';
  return 'gateway_unavailable';
}
