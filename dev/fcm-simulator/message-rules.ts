import { argumentError, type GoogleError } from './google-error.ts';

export const PAYLOAD_LIMIT_BYTES = 4096;
export const LONGEST_TTL_SECONDS = 28 * 24 * 60 * 60;

/** A message whose shape was checked; of its fields, those that matter here. */
export interface Message {
  readonly token?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly notification?: Readonly<Record<string, string>>;
  readonly android?: { readonly ttl?: string; readonly data?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** What is wrong with a message of the right shape, or undefined. The registration itself is not looked at here. */
export function findFault(message: Message | null | undefined, isDryRun: boolean): GoogleError | undefined {
  if (!message || Object.keys(message).length === 0) return argumentError('message', 'Message is not set.');
  const targets = ['token', 'topic', 'condition'].filter((field) => message[field]);
  if (targets.length === 0) return argumentError('message', 'Recipient of the message is not set.');
  const isDryRunOfTopic = isDryRun && targets.length === 1 && typeof message.topic === 'string';
  if (targets.length > 1 || (!message.token && !isDryRunOfTopic)) {
    // The real service also sends to topics; nothing here subscribes to one.
    return argumentError('message', 'Exactly one registration token must be given: topics are not simulated.');
  }
  const data = { ...message.data, ...message.android?.data };
  const reserved = Object.keys(data).find(isReservedKey);
  if (reserved !== undefined) return argumentError('message.data', `Invalid data payload key: ${reserved}`);
  const ttl = message.android?.ttl;
  if (ttl != null && !(Number.parseFloat(ttl) >= 0 && Number.parseFloat(ttl) <= LONGEST_TTL_SECONDS)) {
    return argumentError('message.android.ttl', `Invalid time to live: ${ttl}`);
  }
  if (payloadBytes({ ...data, ...message.notification }) > PAYLOAD_LIMIT_BYTES) {
    return argumentError('message', 'Android message is too big');
  }
  return undefined;
}

/** Keys and values count. */
export function payloadBytes(payload: Readonly<Record<string, string>>): number {
  return Object.entries(payload).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value ?? ''),
    0,
  );
}

/** Keys that FCM keeps for itself. */
export function isReservedKey(key: string): boolean {
  return key === 'from' || key === 'message_type' || key.startsWith('google.') || key.startsWith('gcm.');
}
