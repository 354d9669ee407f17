import {
  type Client,
  isGrpcServiceError,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, type TypedSearchAttributes } from '@temporalio/common';
import { AppError } from '../runtime/errors.ts';
import { grpcStatusOf } from '../runtime/temporal.ts';
import {
  type AnswerMessage,
  type AnswerVerdict,
  AUTHENTICATE_WORKFLOW,
  type AuthenticateInput,
  answerSignal,
  answerUpdate,
  answerUpdateIdOf,
  BEGIN_UPDATE_ID,
  type BeginReply,
  beginUpdate,
  type CodeMessage,
  type CodeVerdict,
  cancelSignal,
  cancelUpdate,
  codeUpdate,
  codeUpdateIdOf,
  REDELIVER_CALLBACK_WORKFLOW,
  type RedeliverCallbackInput,
  type ResendVerdict,
  redeliveryStartOf,
  resendUpdate,
  workflowIdOf,
} from '../workflows/contract.ts';
import type { Canceller } from '../workflows/domain/transaction.ts';
import type { SearchAttributes } from './search-attributes.ts';
import type { TemporalWatch } from './temporal-watch.ts';
import { untilTaken } from './until-taken.ts';

/** The push has 3 s of its own; the rest is for a worker that was just lost and replaced. */
export const BEGIN_PATIENCE_MS = 6_000;
/** The first update after a worker was lost may take 5 s to reach another one. */
const UPDATE_PATIENCE_MS = 6_500;
const SIGNAL_PATIENCE_MS = 2_000;
/** Nothing but the service itself is waited for. */
const START_PATIENCE_MS = 2_500;
const RETRY_AFTER_SECONDS = 2;
/** gRPC's code. */
const INVALID_ARGUMENT = 3;

/** The only door to Temporal. Every call has a deadline; when the service or every worker is away, it says `unavailable`. */
export interface Transactions {
  /** Starts the transaction and resolves after the hand-off. `known` when it ran and ended before. */
  begin(input: AuthenticateInput): Promise<BeginReply | 'known'>;
  /** `recorded`: no worker took the answer in time, and it is kept. `ended`: the transaction is over, read its outcome. */
  answer(transactionId: string, message: AnswerMessage): Promise<AnswerVerdict | 'recorded' | 'ended' | 'too_many'>;
  verifyCode(transactionId: string, message: CodeMessage): Promise<CodeVerdict | 'ended'>;
  resend(transactionId: string): Promise<ResendVerdict | 'ended'>;
  /** Resolves when the transaction is over, or is recorded to end so. */
  cancel(transactionId: string, by?: Canceller): Promise<void>;
  /** Starts a redelivery, which goes on by itself; `underway` when one of the same transaction runs. */
  redeliverCallback(input: RedeliverCallbackInput): Promise<'started' | 'underway'>;
}

export function createTransactions(
  client: Client,
  watch: TemporalWatch,
  taskQueue: string,
  searchAttributes: SearchAttributes,
): Transactions {
  const handleOf = (transactionId: string) => client.workflow.getHandle(workflowIdOf(transactionId));

  async function within<Value>(patienceMs: number, call: () => Promise<Value>): Promise<Value> {
    if (!watch.isUp) throw unavailable();
    // A signal for this call alone: the SDK leaves a listener, and with it the whole call, on the one it is given.
    const own = new AbortController();
    const abort = (): void => own.abort();
    const { signal } = watch;
    signal.addEventListener('abort', abort);
    try {
      return await client.withDeadline(Date.now() + patienceMs, () => client.withAbortSignal(own.signal, call));
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  const ask = <Value>(update: () => Promise<Value>): Promise<Value> =>
    within(UPDATE_PATIENCE_MS, () => untilTaken(update, wasOverlooked));

  async function orSignal<Value>(
    update: () => Promise<Value>,
    signal: () => Promise<void>,
  ): Promise<Value | 'recorded'> {
    try {
      return await ask(update);
    } catch (error) {
      if (!isUntaken(error) || !watch.isUp) throw error;
      await within(SIGNAL_PATIENCE_MS, signal);
      return 'recorded';
    }
  }

  async function begin(
    input: AuthenticateInput,
    typedSearchAttributes?: TypedSearchAttributes,
  ): Promise<BeginReply | 'known'> {
    const start = new WithStartWorkflowOperation(AUTHENTICATE_WORKFLOW, {
      workflowId: workflowIdOf(input.transactionId),
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `${input.policy.typeName} by ${input.clientId}`,
      ...(typedSearchAttributes && { typedSearchAttributes }),
    });
    // Its failure is the failure of the call below; unheard here it would end the process.
    start.workflowHandle().catch(() => {});
    try {
      return await within(BEGIN_PATIENCE_MS, () =>
        client.workflow.executeUpdateWithStart(beginUpdate, {
          startWorkflowOperation: start,
          updateId: BEGIN_UPDATE_ID,
        }),
      );
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'known';
      throw error;
    }
  }

  return {
    async begin(input) {
      const attributes = searchAttributes.of(input);
      try {
        return await begin(input, attributes);
      } catch (error) {
        if (!attributes || grpcStatusOf(error) !== INVALID_ARGUMENT) throw asAppError(error);
        searchAttributes.refused();
        return await begin(input).catch((second) => Promise.reject(asAppError(second)));
      }
    },

    async answer(transactionId, message) {
      const handle = handleOf(transactionId);
      try {
        return await orSignal(
          () =>
            handle.executeUpdate(answerUpdate, { args: [message], updateId: answerUpdateIdOf(message.answerSha256) }),
          () => handle.signal(answerSignal, message),
        );
      } catch (error) {
        if (hasEnded(error)) return 'ended';
        if (refusalTypeOf(error) === 'too_many_answers') return 'too_many';
        throw asAppError(error);
      }
    },

    async verifyCode(transactionId, message) {
      try {
        return await ask(() =>
          handleOf(transactionId).executeUpdate(codeUpdate, {
            args: [message],
            updateId: codeUpdateIdOf(message.attemptId),
          }),
        );
      } catch (error) {
        if (hasEnded(error)) return 'ended';
        throw asAppError(error);
      }
    },

    async resend(transactionId) {
      try {
        return await ask(() => handleOf(transactionId).executeUpdate(resendUpdate));
      } catch (error) {
        if (hasEnded(error)) return 'ended';
        throw asAppError(error);
      }
    },

    async cancel(transactionId, by = 'portal') {
      const handle = handleOf(transactionId);
      try {
        await orSignal(
          () => handle.executeUpdate(cancelUpdate, { args: [by] }),
          () => handle.signal(cancelSignal, by),
        );
      } catch (error) {
        if (!hasEnded(error)) throw asAppError(error);
      }
    },

    async redeliverCallback(input) {
      try {
        await within(START_PATIENCE_MS, () =>
          client.workflow.start(REDELIVER_CALLBACK_WORKFLOW, { taskQueue, ...redeliveryStartOf(input) }),
        );
        return 'started';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'underway';
        throw asAppError(error);
      }
    },
  };
}

/** The workflow closed before or while it was asked. */
function hasEnded(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || refusalTypeOf(error) === 'AcceptedUpdateCompletedWorkflow';
}

/**
 * A worker that is just done with what came before may overlook an update that comes meanwhile, when many come at once. The
 * service gives it back; it has left no trace in the workflow.
 */
function wasOverlooked(error: unknown): boolean {
  return refusalTypeOf(error) === 'UnprocessedUpdate';
}

/** `type` of the failure with which an update was refused, by the workflow or in its place. */
function refusalTypeOf(error: unknown): string | null | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? cause.type : undefined;
}

/** No worker took it up, so that it may come another way. */
function isUntaken(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || wasOverlooked(error);
}

/** What Temporal can not do for us now is our unavailability; everything else is a bug and stays what it is. */
function asAppError(error: unknown): unknown {
  // What one of two operations at once has met is thrown as it came.
  const isOutOfReach = error instanceof ServiceError || isGrpcServiceError(error) || isUntaken(error);
  return isOutOfReach ? unavailable(error) : error;
}

function unavailable(cause?: unknown): AppError {
  return new AppError('unavailable', undefined, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}
