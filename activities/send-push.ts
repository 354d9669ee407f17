import { LRUCache } from 'lru-cache';
import { PUSH_CONSEQUENCES } from '../workflows/domain/push-failure.ts';
import { type HandOver, handPushOver } from './hand-push-over.ts';
import type { DuePush, PushAlarms, PushEnrolments, PushFailure, PushLog, PushRefusal, PushSender } from './ports.ts';

export interface SendPushDependencies {
  readonly pushLog: PushLog;
  readonly pushSender: PushSender;
  readonly pushEnrolments: PushEnrolments;
  readonly pushAlarms: PushAlarms;
  /** For one push with everything that belongs to it. */
  readonly pushTimeoutMs: number;
}

/** Step 0 is the push of the begin, each resend the next step. */
export interface SendPushRequest {
  readonly transactionId: string;
  readonly step: number;
  /** How long whoever asked for it still waits; undefined: as long as a push may take. */
  readonly withinMs?: number;
}

/** `transaction_over`: it had ended, and nothing was sent. */
export type SendPushResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: PushFailure | 'transaction_over' };

/** Clocks differ a little: a transaction that seems to end just now still gets its push. */
const SHORTEST_LIFE_MS = 1_000;

/** Those that were handed over and are not recorded yet. */
const UNRECORDED_LIMIT = 1_000;

/**
 * Hands one push over, and sees to what follows from a refusal. A step that was handed over before is not sent again, also
 * where that could not be recorded, as by a database whose disk is full: then it is recorded now.
 */
export function createSendPush(dependencies: SendPushDependencies) {
  const { pushLog, pushSender, pushTimeoutMs } = dependencies;
  const unrecorded = new LRUCache<string, Required<HandOver>>({ max: UNRECORDED_LIMIT });

  return async ({ transactionId, step, withinMs = pushTimeoutMs }: SendPushRequest): Promise<SendPushResult> => {
    const handedOver = unrecorded.get(`${transactionId}/${step}`);
    if (handedOver) return record(transactionId, step, handedOver);
    const due = await pushLog.findDue(transactionId, step);
    if (due?.sentAs) return { ok: true };
    if (!due) return refuse(transactionId, step, [{ ok: false, failure: 'token_gone' }]);
    // Nothing to record: the provider was not asked, and how the transaction ended is written already.
    if (!due.isPending) return { ok: false, failure: 'transaction_over' };
    const lifeMs = Math.max(SHORTEST_LIFE_MS, due.deadlineMs - Date.now());
    const { providerMessageId, refusals } = await handPushOver(
      pushSender,
      due.pushConfigurationId,
      {
        pushToken: due.pushToken,
        transactionId,
        userId: due.userId,
        message: due.message,
        sentAtMs: due.createdAtMs,
        timeToLiveSeconds: Math.floor(lifeMs / 1_000),
        expiresAtMs: due.deadlineMs,
        step,
        apns: due.apns,
      },
      Date.now() + Math.min(pushTimeoutMs, withinMs, lifeMs),
    );
    if (providerMessageId === undefined) return refuse(transactionId, step, refusals, due);
    return record(transactionId, step, { providerMessageId, refusals });
  };

  async function record(transactionId: string, step: number, handedOver: Required<HandOver>): Promise<SendPushResult> {
    const name = `${transactionId}/${step}`;
    unrecorded.set(name, handedOver);
    await pushLog.recordSent(transactionId, step, handedOver.providerMessageId, handedOver.refusals);
    unrecorded.delete(name);
    return { ok: true };
  }

  /** Recorded last: should this run again, what follows from the refusal is found done. */
  async function refuse(
    transactionId: string,
    step: number,
    refusals: readonly PushRefusal[],
    due?: DuePush,
  ): Promise<SendPushResult> {
    const last = refusals.at(-1) as PushRefusal;
    if (due) await followUp(due, transactionId, last);
    await pushLog.recordFailed(transactionId, step, refusals);
    return { ok: false, failure: last.failure };
  }

  async function followUp(due: DuePush, transactionId: string, refusal: PushRefusal): Promise<void> {
    const { failure, providerCode, goneSinceMs } = refusal;
    const { token, isAlarming } = PUSH_CONSEQUENCES[failure];
    const code = providerCode === undefined ? {} : { providerCode };
    if (token === 'erased') {
      const { enrolmentId, applicationId, pushToken } = due;
      const since = goneSinceMs === undefined ? {} : { goneSinceMs };
      await dependencies.pushEnrolments.end({
        enrolmentId,
        applicationId,
        transactionId,
        pushToken,
        ...since,
        ...code,
      });
    }
    if (isAlarming) {
      await dependencies.pushAlarms.raise({ pushConfigurationId: due.pushConfigurationId, failure, ...code });
    }
  }
}
