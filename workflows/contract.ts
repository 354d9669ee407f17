/**
 * Everything others may know of the workflow: names, ids, inputs, messages and their replies.
 * Names and shapes are stored in histories: they change only by adding.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  AuthenticationMethod,
  Canceller,
  DenialReason,
  FinalStatus,
  Refusal,
  TransactionState,
} from './domain/transaction.ts';

/** Name of the workflow type; a new protocol gets a new name. */
export const AUTHENTICATE_WORKFLOW = 'authenticate';

/** Name of the workflow that forgets what was kept long enough. */
export const RETENTION_WORKFLOW = 'retention';

/** One for each task queue, so that installations that share a namespace do not share it. */
export function retentionScheduleIdOf(taskQueue: string): string {
  return `retention:${taskQueue}`;
}

/** Name of the workflow that ends what other workflows left behind. */
export const RECONCILIATION_WORKFLOW = 'reconciliation';

/** One for each task queue, as its transactions are. */
export function reconciliationScheduleIdOf(taskQueue: string): string {
  return `reconciliation:${taskQueue}`;
}

export const DEFAULT_TASK_QUEUE = 'countersign';

const WORKFLOW_ID_PREFIX = 'transaction:';

export function workflowIdOf(transactionId: string): string {
  return WORKFLOW_ID_PREFIX + transactionId;
}

/** The type as it was at begin: a running transaction keeps the policy it began with. */
export interface PolicySnapshot {
  readonly typeName: string;
  readonly version: number;
  readonly method: AuthenticationMethod;
  readonly timeToLiveMs: number;
  readonly maxResends: number;
  /** Digits of the number that the user types; only with `push_with_number`. */
  readonly numberDigits?: number;
  /** Goes on by SMS where the push can not be handed over and there is a phone number. */
  readonly fallback?: 'sms';
  /** SMS codes that may be tried; 0: no limit of the type's own. */
  readonly maxAttempts?: number;
}

export interface AuthenticateInput {
  /** UUID. */
  readonly transactionId: string;
  readonly clientId: string;
  /** Who is asked; this and the next three are null with `otp`, which the phone that claims it answers. */
  readonly userId: string | null;
  readonly applicationId: string | null;
  readonly deviceId: string | null;
  readonly enrolmentId: string | null;
  readonly policy: PolicySnapshot;
  /**
   * Null where the portal needs no call: it hears the outcome of an SMS as the reply to the code it brings, or asks for the
   * result by itself.
   */
  readonly callbackUri: string | null;
  /** E.164; with `sms`, and where SMS is to be fallen back on. */
  readonly phoneNumber?: string;
  /** The short message; at most 155 characters. */
  readonly message: string;
  /** Shown by the phone only; never in a push. */
  readonly secureMessage?: string;
  /** To be signed by the phone, byte for byte; only where the type signs. */
  readonly signingData?: string;
  /** Base64url SHA-256 of the begin request: tells a repeated begin from another one under the same idempotency key. */
  readonly requestSha256: string;
  /**
   * How long the portal's call waits for the hand-off. A begin that a worker takes up later was refused to the
   * portal (503) and sends nothing; `null` when the portal may come back for it with its idempotency key.
   */
  readonly handOffWithinMs: number | null;
  /** True where nothing is sent: the portal itself leads the phone to the transaction. */
  readonly isUnannounced?: true;
}

/** `begin`: resolves when the push was handed to the provider, or could not be. */
export type BeginReply =
  | { readonly ok: true; readonly method: AuthenticationMethod; readonly requestSha256: string }
  | {
      readonly ok: false;
      readonly code: BeginFailure;
      readonly requestSha256: string;
      /** With `sms_budget_exceeded`. */
      readonly retryAfterSeconds?: number;
    };

/**
 * `provider_failed`: the push could not be handed over. `too_late`: nobody took the begin up in time.
 * `storage_unavailable`: PostgreSQL did not answer. The others: why no SMS went out.
 */
export type BeginFailure = 'provider_failed' | 'too_late' | 'storage_unavailable' | SmsRefusal;

export type SmsRefusal = 'sms_not_sent' | 'sms_disabled' | 'sms_budget_exceeded' | 'number_not_allowed';

export const beginUpdate = defineUpdate<BeginReply, []>('begin');

/** One per transaction: repeating the begin of a transaction meets the same update. */
export const BEGIN_UPDATE_ID = 'begin';

/** An answer as the phone sent it. */
export interface AnswerMessage {
  readonly enrolmentId: string;
  /** Armored OpenPGP message. */
  readonly answer: string;
  /** Base64url SHA-256 of `answer`; names it. */
  readonly answerSha256: string;
  /** When the API received it, by the database's clock, epoch ms: an answer given in time counts even if a worker reads it late. */
  readonly receivedAtMs: number;
}

/** Why an answer was not taken; none of these changes the transaction. */
export type AnswerRefusal =
  | Refusal
  | 'not_for_this_enrolment'
  | 'answer_undecryptable'
  | 'answer_invalid'
  /** Over the portal's data; told to the phone as `answer_invalid`. */
  | 'signature_invalid'
  | 'challenge_not_read'
  | 'pin_wrong'
  | 'pin_required'
  | 'number_wrong'
  | 'enrolment_revoked';

/** What a custom authenticator tells the app, whether it said yes or no. */
export interface CustomInfo {
  readonly status: number;
  readonly data?: string;
}

export type AnswerVerdict =
  /** `failed`: this answer used up the last attempt. */
  | { readonly ok: true; readonly status: 'approved' | 'denied' | 'failed'; readonly custom?: CustomInfo }
  /** `status`: where the transaction stands. */
  | {
      readonly ok: false;
      readonly refusal: AnswerRefusal;
      readonly status: TransactionState['status'];
      /** With `pin_wrong` and `number_wrong`. */
      readonly attemptsLeft?: number;
      /** With `pin_required`, where a custom authenticator said no. */
      readonly custom?: CustomInfo;
    };

export const answerUpdate = defineUpdate<AnswerVerdict, [AnswerMessage]>('answer');

/** Keeps an answer safe while no worker is there; the same answer by signal and by update is one answer. */
export const answerSignal = defineSignal<[AnswerMessage]>('answer');

export function answerUpdateIdOf(answerSha256: string): string {
  return `answer-${answerSha256}`;
}

export type ResendVerdict =
  | { readonly ok: true; readonly resendsLeft: number }
  | {
      readonly ok: false;
      /** `storage_unavailable`: PostgreSQL did not answer; it may have been sent, and counts as if it were. */
      readonly refusal: Refusal | 'provider_failed' | 'storage_unavailable' | SmsRefusal;
      /** With `sms_budget_exceeded`. */
      readonly retryAfterSeconds?: number;
    };

export const resendUpdate = defineUpdate<ResendVerdict, []>('resend');

/** A code that the portal brings back. */
export interface CodeMessage {
  /** Names the attempt: the same one again is charged once. */
  readonly attemptId: string;
  /** MAC of the code: the code itself stands in no history. */
  readonly codeMac: string;
}

export type CodeVerdict =
  /** `failed`: this code used up the last attempt. */
  | { readonly ok: true; readonly status: 'approved' | 'failed' }
  /** `not_by_sms`: no code was sent. */
  | { readonly ok: false; readonly refusal: Refusal | 'code_wrong' | 'not_by_sms'; readonly attemptsLeft?: number };

export const codeUpdate = defineUpdate<CodeVerdict, [CodeMessage]>('code');

export function codeUpdateIdOf(attemptId: string): string {
  return `code-${attemptId}`;
}

// Operators send these two from the Temporal UI, where they may leave the argument out.

/** How a transaction ended. */
export interface Ending {
  readonly status: FinalStatus;
}

/** Replies with the status the transaction ended in, which is not `cancelled` where it had ended before. */
export const cancelUpdate = defineUpdate<Ending, [Canceller]>('cancel');
export const cancelSignal = defineSignal<[Canceller]>('cancel');

/** For operators: denies on the user's word, by telephone for instance. */
export const denyUpdate = defineUpdate<Ending, [DenialReason]>('deny');
export const denySignal = defineSignal<[DenialReason]>('deny');

export const stateQuery = defineQuery<TransactionState>('state');

/** Name of the workflow that calls a portal back once more. */
export const REDELIVER_CALLBACK_WORKFLOW = 'redeliverCallback';

/** One for each transaction: while it runs, no other one is started. */
export function redeliveryWorkflowIdOf(transactionId: string): string {
  return `redelivery:${transactionId}`;
}

export interface RedeliverCallbackInput {
  readonly transactionId: string;
  readonly callbackUri: string;
  /** 1 for the first one of this transaction. */
  readonly number: number;
  /** UUID; tells this redelivery from another one of the same number, of which only one may be. */
  readonly requestId: string;
}

/** How a redelivery is started: one of a transaction at a time, any number one after the other. */
export function redeliveryStartOf(input: RedeliverCallbackInput) {
  return {
    workflowId: redeliveryWorkflowIdOf(input.transactionId),
    args: [input] as [RedeliverCallbackInput],
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  } as const;
}

/** `given_up`: the portal did not take it within the attempts of a redelivery. */
export type RedeliveryEnd = 'delivered' | 'given_up';
