import type { RequestHandler } from 'express';
import type { PendingList } from '../../../runtime/device-wire.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';

/** `GET /device/v1/transactions`: what waits for this phone, newest first; how it finds requests when pushes are lost. */
export function listPending({ records }: ApiDependencies): RequestHandler {
  return async (_request, response) => {
    const { enrolmentId, userId } = deviceOf(response);
    const pending = await records.listPending(enrolmentId);
    const list: PendingList = {
      transactions: pending.map((transaction) => ({
        transactionId: transaction.transactionId,
        userId,
        message: transaction.message,
        sentAt: new Date(transaction.createdAtMs).toISOString(),
        expiresAt: new Date(transaction.expiresAtMs).toISOString(),
        timeToLiveSeconds: Math.round((transaction.expiresAtMs - transaction.createdAtMs) / 1_000),
      })),
    };
    response.json(list);
  };
}
