/** A transaction by its id alone, or as a pending one or a challenge tells it. */
export type TransactionReference =
  | string
  | {
      readonly transactionId: string;
      /** RFC 3339. */
      readonly expiresAt?: string;
    };

/** Maximum life of a transaction, for references that do not tell their end. */
const MAX_LIFE_MS = 10 * 60_000;

/** How long the phone remembers what it sent: well past the end of the transaction. */
const KEEP_MS = 60 * 60_000;

export function transactionIdOf(reference: TransactionReference): string {
  return typeof reference === 'string' ? reference : reference.transactionId;
}

/** From the server's root, with a leading slash. */
export function transactionPath(transactionId: string, operation: 'fetch' | 'answer'): string {
  return `/device/v1/transactions/${encodeURIComponent(transactionId)}/${operation}`;
}

/** Epoch ms past which sending again is of no use; `nowMs` is the server's time. */
export function giveUpAtMs(reference: TransactionReference, nowMs: number): number {
  const expiresAt = typeof reference === 'string' ? undefined : reference.expiresAt;
  return expiresAt === undefined ? nowMs + MAX_LIFE_MS : Date.parse(expiresAt);
}

/** RFC 3339: until when something kept for a transaction is kept. */
export function keepUntil(nowMs: number): string {
  return new Date(nowMs + KEEP_MS).toISOString();
}
