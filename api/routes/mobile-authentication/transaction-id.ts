import { v4 as uuidv4, v7 as uuidv7, validate } from 'uuid';
import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { Keyring } from '../../../runtime/keyring.ts';
import { noteInLog } from '../../../runtime/log-context.ts';

/**
 * The id of a new transaction. With an idempotency key it is derived from client and key, so that a repeated begin
 * meets the same workflow, without anything written before that workflow exists.
 */
export function newTransactionId(keyring: Keyring, clientId: string, idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return uuidv7();
  return uuidv4({ random: keyring.lastingMac('idempotency', clientId, idempotencyKey).subarray(0, 16) });
}

/** A transaction id that a portal gave, noted for the log, or 3004: what is no id names no transaction. */
export function parseTransactionId(text: unknown): string {
  if (typeof text !== 'string' || !validate(text)) throw new MobileAuthenticationError(3004);
  const transactionId = text.toLowerCase();
  noteInLog({ transactionId });
  return transactionId;
}
