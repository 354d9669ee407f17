import { v5 as uuidv5 } from 'uuid';
import type { PushMessage } from '../ports.ts';
import { pushContentOf } from './push-content.ts';

/** Larger ones APNs refuses. */
export const PAYLOAD_LIMIT_BYTES = 4_096;

/** Apple promises no length; today's are 64 hexadecimal digits. */
const DEVICE_TOKEN = /^(?:[0-9a-f]{2}){16,100}$/i;

/** Whether it can be a device token; anything else has no place in the path of a request either. */
export function isDeviceToken(pushToken: string): boolean {
  return DEVICE_TOKEN.test(pushToken);
}

/** The id of a push, the same whenever this step of this transaction is sent. */
export function apnsIdOf({ transactionId, step }: Pick<PushMessage, 'transactionId' | 'step'>): string {
  return uuidv5(`push/${step}`, transactionId);
}

/**
 * Headers of one push (developer.apple.com, "Sending notification requests to APNs"). There is no collapse id: each pending
 * transaction is a notification of its own, and none may take another's place.
 */
export function headersOf(push: PushMessage, apnsId: string, providerToken: string): Readonly<Record<string, string>> {
  return {
    ':method': 'POST',
    ':path': `/3/device/${push.pushToken}`,
    authorization: `bearer ${providerToken}`,
    'apns-id': apnsId,
    'apns-topic': push.apns.topic,
    'apns-push-type': 'alert',
    'apns-priority': '10',
    'apns-expiration': String(Math.floor(push.expiresAtMs / 1_000)),
    'content-type': 'application/json',
  };
}

/** What the app gets as `userInfo`: our fields beside Apple's. */
export function payloadOf(push: PushMessage): string {
  const { badge } = push.apns;
  const aps = { alert: { body: push.message }, sound: 'default', ...(badge !== null && { badge }) };
  return JSON.stringify({ aps, ...pushContentOf(push) });
}
