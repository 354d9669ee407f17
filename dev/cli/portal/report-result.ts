import { aligned, type Output } from '../output.ts';
import type { TransactionResult } from '../portal-api.ts';

/** Tells the result of a transaction as the API gave it. */
export function reportResult(output: Output, result: TransactionResult): void {
  const reason = result.not_authenticated_reason;
  const verdict = result.is_authenticated
    ? `Authenticated: ${result.user_id} approved.`
    : `Not authenticated: ${result.status}.`;
  output.event(
    { event: 'result', ...result },
    verdict,
    ...aligned({
      transaction: result.transaction_id,
      user: result.user_id,
      method: result.authentication_method,
      status: result.status,
      reason: reason && `${reason.reason}: ${reason.description}`,
      begun: new Date(result.timestamp).toLocaleString(),
    }),
  );
}
