import type { Keyring } from '../../../runtime/keyring.ts';
import { otpOf } from '../../../runtime/otp.ts';
import { transactionNumberOf } from '../../../runtime/transaction-number.ts';
import type { AuthenticationMethod } from '../../../workflows/domain/transaction.ts';
import { eventsTokenOf } from './events-token.ts';

/** What a portal hears of a transaction that has begun (vendor contract A6). */
export interface BegunReply {
  readonly transaction_id: string;
  /** How the user is reached; what the phone then asks for is the type's method, and the result names it. */
  readonly auth_method: 'push' | 'otp' | 'sms';
  /** Milliseconds. */
  readonly time_to_live: number;
  /** The phone that was pushed to. */
  readonly device?: { readonly name: string; readonly platform: string };
  /** Ours: to be shown to the user, who types it on the phone; only with `push_with_number`. */
  readonly number?: string;
  /** To be shown as a QR code or a link; only with `otp`. */
  readonly otp?: string;
  /** Ours, where it was asked for: lets a page hear the stages of this transaction. */
  readonly events_token?: string;
}

export interface BegunTransaction {
  readonly transactionId: string;
  /** The one really used. */
  readonly method: AuthenticationMethod;
  readonly timeToLiveMs: number;
  readonly numberDigits: number;
  readonly withEventsToken: boolean;
  readonly device: { readonly deviceName: string | null; readonly platform: string | null } | undefined;
}

/** Number and code are derived, so that a repeated begin is told the same. */
export function begunReply(keyring: Keyring, transaction: BegunTransaction): BegunReply {
  const { transactionId, method, timeToLiveMs, numberDigits, device, withEventsToken } = transaction;
  const begun = {
    transaction_id: transactionId,
    time_to_live: timeToLiveMs,
    ...(withEventsToken && { events_token: eventsTokenOf(keyring, transactionId) }),
  };
  if (method === 'sms') return { ...begun, auth_method: 'sms' };
  if (method === 'otp') return { ...begun, auth_method: 'otp', otp: otpOf(keyring, transactionId) };
  return {
    ...begun,
    auth_method: 'push',
    device: { name: device?.deviceName ?? '', platform: device?.platform ?? '' },
    ...(method === 'push_with_number' && { number: transactionNumberOf(keyring, transactionId, numberDigits) }),
  };
}
