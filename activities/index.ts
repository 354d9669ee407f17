import { type BeginTransactionDependencies, createBeginTransaction } from './begin-transaction.ts';
import { createConcludeTransaction } from './conclude-transaction.ts';
import { createDeliverCallback } from './deliver-callback.ts';
import { createForgetOld, type ForgetOldDependencies } from './forget-old.ts';
import { createReconcileTransactions, type ReconcileTransactionsDependencies } from './reconcile-transactions.ts';
import { createSendPush } from './send-push.ts';
import { createSendSms, type SendSmsDependencies } from './send-sms.ts';
import { createTakeAnswer, type TakeAnswerDependencies } from './take-answer.ts';
import { createTakeSmsCode, type TakeSmsCodeDependencies } from './take-sms-code.ts';

export type ActivityDependencies = BeginTransactionDependencies &
  TakeAnswerDependencies &
  SendSmsDependencies &
  TakeSmsCodeDependencies &
  ForgetOldDependencies &
  ReconcileTransactionsDependencies;

/** What the workflow sees of the world, as a type only. Each may run twice; the second run changes nothing. */
export type Activities = ReturnType<typeof createActivities>;

export function createActivities(dependencies: ActivityDependencies) {
  return {
    beginTransaction: createBeginTransaction(dependencies),
    sendPush: createSendPush(dependencies),
    sendSms: createSendSms(dependencies),
    takeAnswer: createTakeAnswer(dependencies),
    takeSmsCode: createTakeSmsCode(dependencies),
    concludeTransaction: createConcludeTransaction(dependencies),
    deliverCallback: createDeliverCallback(dependencies),
    forgetOld: createForgetOld(dependencies),
    reconcileTransactions: createReconcileTransactions(dependencies),
  };
}
