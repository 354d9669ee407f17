import type { PushFailure, PushLog, PushReceipt, PushSender } from './ports.ts';

export interface SendPushDependencies {
  readonly pushLog: PushLog;
  readonly pushSender: PushSender;
  /** For one push with everything that belongs to it. */
  readonly pushTimeoutMs: number;
}

/** Step 0 is the push of the begin, each resend the next step. */
export interface SendPushRequest {
  readonly transactionId: string;
  readonly step: number;
}

export type SendPushResult = { readonly ok: true } | { readonly ok: false; readonly failure: PushFailure };

/** Hands one push over. A step that was handed over before is not sent again. */
export function createSendPush({ pushLog, pushSender, pushTimeoutMs }: SendPushDependencies) {
  return async ({ transactionId, step }: SendPushRequest): Promise<SendPushResult> => {
    const due = await pushLog.findDue(transactionId, step);
    if (due?.sentAs) return { ok: true };
    const receipt: PushReceipt = due
      ? await pushSender.send(
          due.pushConfigurationId,
          {
            pushToken: due.pushToken,
            transactionId,
            userId: due.userId,
            message: due.message,
            sentAtMs: due.createdAtMs,
            timeToLiveSeconds: Math.max(1, Math.floor((due.deadlineMs - Date.now()) / 1000)),
          },
          { withinMs: pushTimeoutMs, onFreshConnection: false },
        )
      : { ok: false, failure: 'token_gone' };
    if (receipt.ok) {
      await pushLog.recordSent(transactionId, step, receipt.providerMessageId);
      return { ok: true };
    }
    await pushLog.recordFailed(transactionId, step, receipt.failure);
    return { ok: false, failure: receipt.failure };
  };
}
