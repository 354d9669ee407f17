import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { callPortalBack } from './call-portal-back.ts';
import {
  type AnswerMessage,
  type AnswerVerdict,
  type AuthenticateInput,
  answerSignal,
  answerUpdate,
  type BeginReply,
  beginUpdate,
  type CodeMessage,
  type CodeVerdict,
  cancelSignal,
  cancelUpdate,
  codeUpdate,
  denySignal,
  denyUpdate,
  type Ending,
  type ResendVerdict,
  resendUpdate,
  stateQuery,
} from './contract.ts';
import { isFinal, type TransactionState } from './domain/transaction.ts';
import { handOver } from './hand-over.ts';
import { createMailbox, unheard } from './mailbox.ts';
import { createNarrator } from './narrate.ts';
import { createTransaction } from './running-transaction.ts';

/** Asks one user on one phone for one decision, writes it down, and tells the portal until the portal has it. */
export async function authenticate(input: AuthenticateInput): Promise<TransactionState> {
  const startedAtMs = workflowInfo().startTime.getTime();
  const narrator = createNarrator();
  const mailbox = createMailbox();
  const deadlineMs = startedAtMs + input.policy.timeToLiveMs;
  const transaction = createTransaction(input, deadlineMs, narrator);
  let begun: BeginReply | undefined;

  setHandler(beginUpdate, async () => {
    await condition(() => begun !== undefined);
    return begun as BeginReply;
  });
  setHandler(
    answerUpdate,
    (message) => mailbox.ask<AnswerVerdict>((reply) => ({ kind: 'answer', message, givenAtMs: Date.now(), reply })),
    { validator: refuseUnlessJudgeable, description: "The phone's answer, as it was sealed" },
  );
  setHandler(answerSignal, (message) => {
    if (!isWellFormed(message)) return;
    // Recorded while no worker was there: it counts from when the API had it in hand.
    const givenAtMs = Math.min(Date.now(), message.receivedAtMs);
    mailbox.post({ kind: 'answer', message, givenAtMs, reply: unheard });
  });
  setHandler(
    codeUpdate,
    (message) => mailbox.ask<CodeVerdict>((reply) => ({ kind: 'code', message, givenAtMs: Date.now(), reply })),
    { validator: refuseUnlessCode, description: 'The code of the SMS, as a MAC' },
  );
  setHandler(resendUpdate, () => mailbox.ask<ResendVerdict>((reply) => ({ kind: 'resend', reply })), {
    description: 'Sends the push or the SMS again',
  });
  setHandler(cancelUpdate, (by = 'operator') => mailbox.ask<Ending>((reply) => ({ kind: 'cancel', by, reply })), {
    description: 'Cancels the transaction, unless it is settled',
  });
  setHandler(cancelSignal, (by = 'operator') => mailbox.post({ kind: 'cancel', by, reply: unheard }));
  setHandler(denyUpdate, (reason) => mailbox.ask<Ending>((reply) => ({ kind: 'deny', reason, reply })), {
    description: "Denies on the user's word: not_me or cancelled",
  });
  setHandler(denySignal, (reason) => mailbox.post({ kind: 'deny', reason, reply: unheard }));
  setHandler(stateQuery, () => transaction.state);
  whenCancellationIsRequested(() => mailbox.post({ kind: 'cancel', by: 'operator', reply: unheard }));

  return CancellationScope.nonCancellable(async () => {
    begun = await handOver(input, deadlineMs, startedAtMs, narrator);
    if (begun.ok) {
      if (begun.method === 'sms') transaction.goOnBySms();
      const deadline = startTimer(deadlineMs);
      await serveUntilSettled(deadline);
      if (!transaction.isCalledBack) {
        deadline.cancel();
        await callPortalBack(input, narrator);
      }
    } else {
      await transaction.fail('failed_to_send');
      mailbox.divert(transaction.tellOutcome);
    }
    await condition(allHandlersFinished);
    return transaction.state;
  });

  async function serveUntilSettled(deadline: Timer): Promise<void> {
    while (!isFinal(transaction.state)) {
      await condition(() => mailbox.hasLetters || deadline.isUp);
      const letter = mailbox.take();
      if (letter) await transaction.serve(letter);
      else await transaction.expire();
    }
    mailbox.divert(transaction.tellOutcome);
  }

  function refuseUnlessJudgeable(message: AnswerMessage): void {
    if (!isWellFormed(message))
      throw ApplicationFailure.nonRetryable('the answer is not well formed', 'answer_invalid');
    if (transaction.isDoneWithRefusing) {
      throw ApplicationFailure.nonRetryable('too many answers were refused', 'too_many_answers');
    }
  }
}

function isWellFormed(message: AnswerMessage | undefined): message is AnswerMessage {
  return typeof message?.answer === 'string' && typeof message.answerSha256 === 'string';
}

function refuseUnlessCode(message: CodeMessage): void {
  if (typeof message?.attemptId === 'string' && typeof message.codeMac === 'string') return;
  throw ApplicationFailure.nonRetryable('the code is not well formed', 'code_invalid');
}

interface Timer {
  readonly isUp: boolean;
  cancel(): void;
}

/** One timer for the whole life: waiting anew for the rest after each request would write two events each time. */
function startTimer(atMs: number): Timer {
  const scope = new CancellationScope();
  let isUp = false;
  const ringing = scope.run(async () => {
    await sleep(Math.max(1, atMs - Date.now()), { summary: 'The transaction expires' });
    isUp = true;
  });
  ringing.catch(rethrowUnlessCancelled);
  return {
    get isUp() {
      return isUp;
    },
    cancel: () => scope.cancel(),
  };
}

/** Temporal's own "request cancellation" is an operator's wish like the `cancel` signal: the transaction still ends in order. */
function whenCancellationIsRequested(act: () => void): void {
  CancellationScope.current().cancelRequested.catch(act);
}

function rethrowUnlessCancelled(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
