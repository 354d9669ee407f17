import type { PendingTransaction } from '../runtime/device-wire.ts';
import { localError } from './errors.ts';

/** True when the data of a push is ours; an app's other pushes give false, and none throws. */
export function canHandlePush(data: unknown): boolean {
  return readContent(data) !== undefined;
}

/**
 * The transaction that a push tells of. `data` is the push's data: its `content` as a JSON string or an object,
 * or the fields themselves. A push is not signed: it is a hint, and what counts is the fetched challenge.
 * Throws 10018 for a push that is not ours.
 */
export function pendingFromPush(data: unknown): PendingTransaction {
  const content = readContent(data);
  if (!content) throw localError('push_not_handleable', 'The push is not for this client.');
  return content;
}

function readContent(data: unknown): PendingTransaction | undefined {
  const outer = asObject(data);
  if (!outer) return undefined;
  const content = outer.content === undefined ? outer : asObject(parsed(outer.content));
  if (!content) return undefined;
  const { og_transaction_id, og_profile_id, og_message, timestamp, timeToLiveSeconds } = content;
  if (typeof og_transaction_id !== 'string' || og_transaction_id === '') return undefined;
  if (typeof og_profile_id !== 'string' || og_profile_id === '') return undefined;
  const sentAtMs = asNumber(timestamp);
  const lifeSeconds = asNumber(timeToLiveSeconds);
  if (sentAtMs === undefined || lifeSeconds === undefined) return undefined;
  const expiresAtMs = sentAtMs + lifeSeconds * 1000;
  if (!isMoment(sentAtMs) || !isMoment(expiresAtMs)) return undefined;
  return {
    transactionId: og_transaction_id,
    userId: og_profile_id,
    message: typeof og_message === 'string' ? og_message : '',
    sentAt: new Date(sentAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
    timeToLiveSeconds: lifeSeconds,
  };
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // Other senders' pushes may hold anything.
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** At the root of a push, numbers travel as texts. */
function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}

function isMoment(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime());
}
