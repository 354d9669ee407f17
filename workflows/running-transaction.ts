import type { ConcludeTransactionRequest, Conclusion } from '../activities/conclude-transaction.ts';
import type { AnswerRefusal, AnswerVerdict, AuthenticateInput, CustomInfo } from './contract.ts';
import {
  type FailureReason,
  INITIAL_STATE,
  isFinal,
  type TransactionEvent,
  type TransactionState,
  transition,
} from './domain/transaction.ts';
import type { Letter } from './mailbox.ts';
import type { Narrator } from './narrate.ts';
import { noteStatus } from './note-status.ts';
import { pushAgain, sendSmsAgain } from './send-again.ts';
import { concludeTransaction, takeAnswer, takeSmsCode } from './steps.ts';
import { replyWithOutcome, verdictOnCode } from './tell-outcome.ts';

/** A phone that errs may try again; one that floods is not heard any more, and the history stays small. */
const MAX_REFUSED_ANSWERS = 50;

/** One transaction while it runs: applies the rules to what happens, and writes down how it ends. */
export interface RunningTransaction {
  readonly state: TransactionState;
  readonly isDoneWithRefusing: boolean;
  /** The portal was told of the outcome, or needs no telling. */
  readonly isCalledBack: boolean;
  /** Handles one request and replies to it. Requests must be served one at a time. */
  serve(letter: Letter): Promise<void>;
  /** Replies to one request after the end. */
  tellOutcome(letter: Letter): void;
  expire(): Promise<void>;
  /** From now on it is a code that is waited for, and what is sent again is an SMS. */
  goOnBySms(): void;
  fail(reason: FailureReason): Promise<void>;
}

type Retry = Pick<AnswerVerdict & { ok: false }, 'attemptsLeft' | 'custom'>;

export function createTransaction(
  input: AuthenticateInput,
  deadlineMs: number,
  narrator: Narrator,
): RunningTransaction {
  const { transactionId, policy } = input;
  const rules = { deadlineMs, maxResends: policy.maxResends };
  const subject = {
    userId: input.userId,
    clientId: input.clientId,
    applicationId: input.applicationId,
    deviceId: input.deviceId,
  };
  let state: TransactionState = INITIAL_STATE;
  let settledBy: string | null = null;
  let settledWith: CustomInfo | undefined;
  let isCalledBack = false;
  let refusedAnswers = 0;
  let isBySms = false;

  async function serve(letter: Letter): Promise<void> {
    switch (letter.kind) {
      case 'answer':
        await serveAnswer(letter);
        break;
      case 'code':
        await serveCode(letter);
        break;
      case 'resend':
        await serveResend(letter);
        break;
      case 'cancel':
        await apply({ kind: 'cancel', by: letter.by });
        tellOutcome(letter);
        break;
      case 'deny':
        await apply({ kind: 'deny', by: 'operator', ...(letter.reason && { reason: letter.reason }) });
        tellOutcome(letter);
        break;
    }
  }

  async function serveAnswer(letter: Letter & { kind: 'answer' }): Promise<void> {
    const { message, givenAtMs } = letter;
    const { enrolmentId, callbackUri } = input;
    const { method, numberDigits } = policy;
    const taken = await takeAnswer({
      ...{ transactionId, enrolmentId, subject, callbackUri, method },
      ...{ message, givenAtMs, state, rules },
      ...(numberDigits !== undefined && { numberDigits }),
      ...(input.signingData !== undefined && { signingData: input.signingData }),
    });
    if (!taken.ok) {
      const { refusal, attemptsLeft, custom } = taken;
      const left = attemptsLeft === undefined ? {} : { attemptsLeft };
      refuseAnswer(letter, refusal, { ...left, ...(custom && { custom }) });
      return;
    }
    settledWith = taken.custom;
    adopt(taken.conclusion);
    tellOutcome(letter);
  }

  function refuseAnswer(letter: Letter & { kind: 'answer' }, refusal: AnswerRefusal, more: Retry): void {
    refusedAnswers += 1;
    narrator.tell(Date.now(), `An answer was refused: ${refusal}`);
    letter.reply({ ok: false, refusal, status: state.status, ...more });
  }

  async function serveResend({ reply }: Letter & { kind: 'resend' }): Promise<void> {
    const moved = transition(state, { kind: 'resend' }, rules, Date.now());
    if (!moved.ok || isFinal(moved.state)) {
      reply({ ok: false, refusal: moved.ok ? 'already_settled' : moved.refusal });
      return;
    }
    state = moved.state;
    const step = moved.state.resends;
    const sent = isBySms ? await sendSmsAgain(transactionId, step) : await pushAgain(transactionId, step);
    narrator.tell(Date.now(), `${sent.story}, ${step} of ${rules.maxResends}`);
    reply(sent.refusal ?? { ok: true, resendsLeft: rules.maxResends - step });
  }

  async function serveCode(letter: Letter & { kind: 'code' }): Promise<void> {
    const { message, givenAtMs, reply } = letter;
    if (!isBySms) {
      reply({ ok: false, refusal: 'not_by_sms' });
      return;
    }
    const { callbackUri } = input;
    const { maxAttempts = 0 } = policy;
    const taken = await takeSmsCode({ transactionId, callbackUri, ...message, maxAttempts, state, rules, givenAtMs });
    if (!taken.ok) {
      narrator.tell(Date.now(), `A code was refused: ${taken.refusal}`);
      reply(taken);
      return;
    }
    adopt(taken.conclusion);
    reply(taken.isOurs ? verdictOnCode(taken.conclusion.outcome) : { ok: false, refusal: 'already_settled' });
  }

  function tellOutcome(letter: Letter): void {
    if (!isFinal(state)) throw new Error('there is no outcome yet');
    replyWithOutcome(letter, { state, settledBy, settledWith });
  }

  /** For events that no rule refuses while the transaction is pending, save a denial after the deadline. */
  async function apply(event: TransactionEvent, more: Partial<ConcludeTransactionRequest> = {}): Promise<void> {
    const moved = transition(state, event, rules, Date.now());
    if (!moved.ok) await expire();
    else if (isFinal(moved.state)) {
      const { callbackUri } = input;
      adopt(await concludeTransaction({ transactionId, outcome: moved.state, callbackUri, ...more }));
    }
  }

  async function expire(): Promise<void> {
    if (!isFinal(state)) await apply({ kind: 'time_up' });
  }

  /**
   * The database has the last word: when a worker died after writing and before its task was done, the outcome
   * written then stands, whatever this second run would have decided.
   */
  function adopt(conclusion: Conclusion): void {
    state = conclusion.outcome;
    settledBy = conclusion.answerSha256;
    isCalledBack = conclusion.isCalledBack;
    noteStatus(state);
    narrator.tell(Date.now(), `Settled: ${state.status}${isCalledBack ? '; the portal was told' : ''}`);
  }

  return {
    get state() {
      return state;
    },
    get isDoneWithRefusing() {
      return refusedAnswers >= MAX_REFUSED_ANSWERS;
    },
    serve,
    tellOutcome,
    expire,
    goOnBySms() {
      isBySms = true;
    },
    // The portal hears of it as the result of its begin, which may have been given up before anything was written.
    fail: (reason) => {
      const opening = { input, createdAtMs: deadlineMs - policy.timeToLiveMs, deadlineMs };
      return apply({ kind: 'fail', reason }, { callbackUri: null, opening });
    },
    get isCalledBack() {
      return isCalledBack;
    },
  };
}
