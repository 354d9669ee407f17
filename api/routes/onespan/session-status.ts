import type { FinalState } from '../../../workflows/domain/transaction.ts';

/** Of `GET /v1/sessions/{requestID}`, as the vendor names them. */
export type SessionStatus = 'pending' | 'accepted' | 'refused' | 'failure' | 'timeout' | 'unknown';

/** The vendor has no word for a transaction that was cancelled: it is a failure. Null is a pending one. */
export function sessionStatusOf(outcome: FinalState | null): SessionStatus {
  switch (outcome?.status) {
    case undefined:
      return 'pending';
    case 'approved':
      return 'accepted';
    case 'denied':
      return 'refused';
    case 'expired':
      return 'timeout';
    case 'failed':
    case 'cancelled':
      return 'failure';
  }
}
