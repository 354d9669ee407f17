/** How a transaction stands. */
export type Status = 'pending' | 'approved' | 'denied' | 'failed' | 'expired' | 'cancelled';

export const STATUSES: readonly Status[] = ['pending', 'approved', 'denied', 'failed', 'expired', 'cancelled'];

/** Of Mantine's colours; a status is always told in words too. */
export const COLOUR_OF: Readonly<Record<Status, string>> = {
  pending: 'blue',
  approved: 'signet',
  denied: 'red',
  failed: 'red',
  expired: 'gray',
  cancelled: 'gray',
};

/** A transaction as lists show it. */
export interface TransactionItem {
  readonly id: string;
  readonly userId: string | null;
  readonly deviceId: string | null;
  readonly type: string;
  readonly method: string;
  readonly status: Status;
  readonly clientId: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly settledAtMs: number | null;
}

/** One thing that happened. */
export interface Moment {
  readonly atMs: number;
  readonly kind: string;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Whether the portal was told the outcome. */
export type CallbackState = 'none' | 'not_yet' | 'waiting' | 'quarantined' | 'delivered' | 'given_up';

/** Everything there is to know of a transaction. */
export interface Transaction extends TransactionItem {
  readonly policyVersion: number;
  readonly deviceName: string | null;
  readonly platform: string | null;
  /** In the end a code by SMS, whatever it began as. */
  readonly isBySms: boolean;
  readonly resends: number;
  readonly maxResends: number | null;
  readonly attempts: number;
  /** Why it ended so, or by whom. */
  readonly reason: string | null;
  readonly callback: { readonly uri: string | null; readonly state: CallbackState };
  readonly hasReceipt: boolean;
  readonly workflowId: string;
  readonly timeline: readonly Moment[];
}

export interface TransactionPage {
  readonly items: readonly TransactionItem[];
  readonly next: string | null;
}
