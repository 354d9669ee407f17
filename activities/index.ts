import { type CallbackDependencies, createAttemptCallback } from './attempt-callback.ts';
import { createDeliverCallback } from './deliver-callback.ts';
import { createJudgeAnswer, type JudgeAnswerDependencies } from './judge-answer.ts';
import { createOpenTransaction, type OpenTransactionDependencies } from './open-transaction.ts';
import { createSendPush, type SendPushDependencies } from './send-push.ts';
import { createSettleTransaction, type SettleTransactionDependencies } from './settle-transaction.ts';

export type ActivityDependencies = OpenTransactionDependencies &
  SendPushDependencies &
  JudgeAnswerDependencies &
  SettleTransactionDependencies &
  CallbackDependencies;

/** What the workflow sees of the world, as a type only. Each may run twice; the second run changes nothing. */
export type Activities = ReturnType<typeof createActivities>;

export function createActivities(dependencies: ActivityDependencies) {
  return {
    openTransaction: createOpenTransaction(dependencies),
    sendPush: createSendPush(dependencies),
    judgeAnswer: createJudgeAnswer(dependencies),
    settleTransaction: createSettleTransaction(dependencies),
    attemptCallback: createAttemptCallback(dependencies),
    deliverCallback: createDeliverCallback(dependencies),
  };
}
