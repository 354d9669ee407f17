/** The audit events that an outcome writes, by the vendor's names where it has one. */
import type { FinalState } from './transaction.ts';

export interface OutcomeEvent {
  readonly name: string;
  readonly details?: Readonly<Record<string, string>>;
}

export function eventOf(outcome: FinalState): OutcomeEvent {
  switch (outcome.status) {
    case 'approved':
      return {
        name: outcome.method === 'sms' ? 'SMS_AUTH_AUTHENTICATED' : 'MOBILE_AUTH_AUTHENTICATED',
        details: { method: outcome.method },
      };
    case 'denied':
      return {
        name: 'MOBILE_AUTH_NOT_AUTHENTICATED',
        details: { by: outcome.by, ...(outcome.reason && { reason: outcome.reason }) },
      };
    case 'failed':
      return { name: 'MOBILE_AUTH_FAILED', details: { reason: outcome.reason } };
    case 'expired':
      return { name: 'MOBILE_AUTH_EXPIRED' };
    case 'cancelled':
      return { name: 'MOBILE_AUTH_CANCELLED', details: { by: outcome.by } };
  }
}
