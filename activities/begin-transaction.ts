import { ApplicationFailure } from '@temporalio/activity';
import { LRUCache } from 'lru-cache';
import type { AuthenticateInput } from '../workflows/contract.ts';
import {
  createOpenTransaction,
  type OpenTransactionDependencies,
  type OpenTransactionRequest,
} from './open-transaction.ts';
import { createSendPush, type SendPushDependencies, type SendPushResult } from './send-push.ts';
import { createSendSms, type SendSmsDependencies, type SendSmsResult } from './send-sms.ts';

/** What recording a send takes, at most, before whoever waits for it is gone. */
const RECORDING_MS = 400;
/** Clocks differ: whoever seems to have waited too long still gets a quick try. */
const LEAST_MS = 1_000;
/** Begins that failed here and are tried again. */
const TRIED_LIMIT = 10_000;

export type BeginTransactionDependencies = OpenTransactionDependencies & SendPushDependencies & SendSmsDependencies;

/** `by` is `sms` where an SMS was sent, or failed last. */
export type BeginTransactionResult = SendPushResult | (SendSmsResult & { readonly by: 'sms' });

/**
 * Writes the transaction, then hands its first push or SMS over; together, as each local activity costs the engine the same.
 * Throws what is not to be tried again where the portal's patience is over before a later try: the engine does not time a
 * local activity out between two tries.
 */
export function createBeginTransaction(dependencies: BeginTransactionDependencies) {
  const openTransaction = createOpenTransaction(dependencies);
  const sendPush = createSendPush(dependencies);
  const sendSms = createSendSms(dependencies);
  // By a clock that nobody sets.
  const firstTriedAt = new LRUCache<string, number>({ max: TRIED_LIMIT });

  return async (request: OpenTransactionRequest): Promise<BeginTransactionResult> => {
    const { transactionId, handOffWithinMs } = request.input;
    const nowMs = performance.now();
    const firstMs = firstTriedAt.get(transactionId) ?? nowMs;
    if (handOffWithinMs !== null && nowMs - firstMs > handOffWithinMs) {
      throw ApplicationFailure.nonRetryable('whoever waited for it is gone', 'too_late');
    }
    firstTriedAt.set(transactionId, firstMs);
    const result = await begin(request);
    firstTriedAt.delete(transactionId);
    return result;
  };

  async function begin(request: OpenTransactionRequest): Promise<BeginTransactionResult> {
    await openTransaction(request);
    const { input } = request;
    const { transactionId } = input;
    // Shown by the portal itself: there is nothing to send.
    if (input.policy.method === 'otp' || input.isUnannounced) return { ok: true };
    if (input.policy.method === 'sms') return bySms(request);
    // A run before this one may have gone on by SMS already: that stands, whatever the push would do now.
    const wentOn = mayFallBack(input) ? await dependencies.smsLog.findDue(transactionId, 0) : undefined;
    if (wentOn?.earlier?.ok) return { ok: true, by: 'sms' };
    const pushed = await sendPush({ transactionId, step: 0, ...patienceOf(request) });
    return pushed.ok || !mayFallBack(input) ? pushed : bySms(request);
  }

  async function bySms(request: OpenTransactionRequest): Promise<BeginTransactionResult> {
    const { transactionId } = request.input;
    return { ...(await sendSms({ transactionId, step: 0, ...patienceOf(request) })), by: 'sms' };
  }
}

/** What opening, or a push that was tried before, has left of the portal's patience: nothing goes out to a portal that is gone. */
function patienceOf({ input, createdAtMs }: OpenTransactionRequest): { readonly withinMs?: number } {
  if (input.handOffWithinMs === null) return {};
  const leftMs = createdAtMs + input.handOffWithinMs - RECORDING_MS - Date.now();
  return { withinMs: Math.max(LEAST_MS, leftMs) };
}

function mayFallBack({ policy, phoneNumber }: AuthenticateInput): boolean {
  return policy.fallback === 'sms' && phoneNumber !== undefined;
}
