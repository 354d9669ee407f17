import type { Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { noteSubject } from '../../event-subject.ts';
import type { DeviceCaller, DeviceTransaction } from '../../ports.ts';

/** The id in the address, or `transaction_unknown`: an id that is none names nothing. */
export function transactionIdOf(params: Readonly<Record<string, unknown>>, response: Response): string {
  const id = z.uuid().safeParse(params.transactionId);
  if (!id.success) throw new AppError('transaction_unknown');
  noteSubject(response, { transactionId: id.data });
  return id.data;
}

/** Refuses whatever comes for a transaction that is over, telling how it is over. */
export function refuseIfOver(transaction: DeviceTransaction, caller: DeviceCaller): void {
  if (transaction.outcome?.status === 'expired') throw new AppError('transaction_expired');
  if (transaction.outcome) throw new AppError('transaction_already_settled');
  if (caller.nowMs >= transaction.expiresAtMs) throw new AppError('transaction_expired');
}
