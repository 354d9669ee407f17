import {
  createOpenTransaction,
  type OpenTransactionDependencies,
  type OpenTransactionRequest,
} from './open-transaction.ts';
import { createSendPush, type SendPushDependencies, type SendPushResult } from './send-push.ts';

export type BeginTransactionDependencies = OpenTransactionDependencies & SendPushDependencies;

/** Writes the transaction, then hands its first push over; together, as each local activity costs the engine the same. */
export function createBeginTransaction(dependencies: BeginTransactionDependencies) {
  const openTransaction = createOpenTransaction(dependencies);
  const sendPush = createSendPush(dependencies);
  return async (request: OpenTransactionRequest): Promise<SendPushResult> => {
    await openTransaction(request);
    // Shown by the portal itself: there is nothing to send.
    if (request.input.policy.method === 'otp') return { ok: true };
    return sendPush({ transactionId: request.input.transactionId, step: 0 });
  };
}
