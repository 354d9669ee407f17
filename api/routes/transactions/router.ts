import { type Request, Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import { noStore } from '../../no-store.ts';
import { readJson } from '../../raw-body.ts';
import { requireMay } from '../../require-may.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { cancelTransaction } from './cancel-transaction.ts';
import { listTransactions } from './list-transactions.ts';
import { readTransaction } from './read-transaction.ts';
import { readTransactionReceipt } from './read-transaction-receipt.ts';
import { redeliverTransaction } from './redeliver-transaction.ts';
import { resendTransaction } from './resend-transaction.ts';

/** What operators see of transactions, and do with them, under `/admin/v1/transactions`. */
export function transactionsRouter(dependencies: ApiDependencies): Router {
  const router = Router();
  router.use(noStore);
  const mayRead = requireMay(dependencies, 'read_transactions', {
    action: 'read_transactions_of_user',
    userOf: (request: Request) => request.query.userId,
  });
  router.get('/', mayRead, listTransactions(dependencies));
  refuseOtherMethods(router, '/', 'GET');
  router.get('/:id', mayRead, readTransaction(dependencies));
  const mayCancel = requireMay(dependencies, 'cancel_transactions');
  router.delete(
    '/:id',
    mayCancel,
    cancelTransaction(dependencies, () => undefined),
  );
  refuseOtherMethods(router, '/:id', 'GET', 'DELETE');
  router.get('/:id/receipt', mayRead, readTransactionReceipt(dependencies));
  refuseOtherMethods(router, '/:id/receipt', 'GET');
  const mayResend = requireMay(dependencies, 'resend_transactions');
  const mayRedeliver = requireMay(dependencies, 'redeliver_callbacks');
  router.post('/:id/cancel', mayCancel, readJson(), cancelTransaction(dependencies));
  router.post('/:id/resend', mayResend, readJson(), resendTransaction(dependencies));
  router.post('/:id/redeliver', mayRedeliver, readJson(), redeliverTransaction(dependencies));
  for (const action of ['cancel', 'resend', 'redeliver']) refuseOtherMethods(router, `/:id/${action}`, 'POST');
  return router;
}
