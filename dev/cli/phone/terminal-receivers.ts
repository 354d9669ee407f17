import {
  type DeviceError,
  type MobileAuthRequest,
  objectionToPin,
  type ReceivedChallenge,
  type Receivers,
} from '../../../sdk/index.ts';
import { type Asked, ask } from '../ask.ts';
import { reportAnswer, showChallenge, wordsOf } from './answer-transaction.ts';
import type { PhoneContext } from './phone-context.ts';

/** `ask` the user, or answer by itself. */
export type AnsweringMode = 'approve' | 'deny' | 'ask';

/** What `--approve` answers with where more than a yes is asked for. */
export interface Proofs {
  readonly pin?: string;
  readonly custom?: string;
}

/** The request stays open: the user wants to answer later, or no more of this (`ended`). */
export class LeftOpen extends Error {
  override readonly name = 'LeftOpen';
  readonly ended: boolean;

  constructor(ended: boolean) {
    super('the request is left open');
    this.ended = ended;
  }
}

/** A challenge with what its `accept` takes. */
type Answerable = ReceivedChallenge & { accept(text: string): void; fallBackToPin?(): void };

interface Question {
  readonly text: string;
  /** Of `--approve`; undefined where it was given none. */
  readonly ready: string | undefined;
  /** Which texts are an answer; `yes` where it is absent. */
  readonly isAnswer?: (text: string) => boolean;
}

/** Receivers that show requests on the terminal, and ask there or answer by themselves. */
export function createTerminalReceivers(phone: PhoneContext, mode: AnsweringMode, { pin, custom }: Proofs): Receivers {
  const { output } = phone;
  let shown = '';
  let decision: 'approve' | 'deny' = 'deny';

  function show(request: MobileAuthRequest): void {
    if (shown !== request.transactionId) showChallenge(phone, request);
    shown = request.transactionId;
  }

  function accept(challenge: Answerable, text: string): void {
    decision = 'approve';
    challenge.accept(text);
  }

  async function receive(challenge: Answerable, question: Question): Promise<void> {
    const { text, ready, isAnswer } = question;
    decision = 'deny';
    show(challenge.request);
    if (mode === 'deny') return challenge.deny();
    if (mode === 'approve') {
      if (ready !== undefined) return accept(challenge, ready);
      if (challenge.fallBackToPin) return challenge.fallBackToPin();
      output.note('  Not answered: it asks for what --approve was not given.');
      throw new LeftOpen(false);
    }
    const mayFallBack = challenge.fallBackToPin ? ', [p]in' : '';
    const answer = await askUntil(
      phone,
      `  ${text}${mayFallBack}, [n]o, not [m]e, [l]ater: `,
      challenge.request.expiresAt,
    );
    const word = answer.toLowerCase();
    if (['n', 'no'].includes(word)) challenge.deny();
    else if (['m', 'me', 'not me'].includes(word)) challenge.deny('not_me');
    else if (['l', 'later', ''].includes(word)) throw new LeftOpen(false);
    else if (challenge.fallBackToPin && ['p', 'pin'].includes(word)) challenge.fallBackToPin();
    else if (isAnswer ? isAnswer(answer) : ['y', 'yes'].includes(word)) accept(challenge, answer);
    else await receive(challenge, question);
  }

  /** By itself nobody tries the same twice. */
  function afterWrong(word: 'pin_wrong' | 'number_wrong', { transactionId }: MobileAuthRequest, left: number): void {
    reportAnswer(phone, transactionId, 'approve', { status: word, attemptsLeft: left });
    if (mode === 'approve') throw new LeftOpen(false);
  }

  function tellCause({ transactionId }: MobileAuthRequest, { number, message, custom }: DeviceError): void {
    const event = { event: 'pin_required', transactionId, number, ...(custom && { custom }) };
    output.event(event, `  ${message}${wordsOf(custom)}`);
  }

  return {
    onConfirmation: (challenge) => receive(challenge, { text: 'Approve? [y]es', ready: '' }),
    onOtp: (challenge) => receive(challenge, { text: 'Approve? [y]es', ready: '' }),
    async onPin(challenge) {
      const { request, attempts, isNextAttempt, cause } = challenge;
      show(request);
      if (isNextAttempt) afterWrong('pin_wrong', request, attempts?.remainingFailureCount ?? 0);
      if (cause) tellCause(request, cause);
      await receive(challenge, { text: 'PIN', ready: pin, isAnswer: (text) => !objectionToPin(text) });
    },
    onBiometric: (challenge) => receive(challenge, { text: 'Is it your finger? [y]es', ready: '' }),
    onCustom: (challenge) =>
      receive(challenge, { text: 'For the verifier: TEXT', ready: custom, isAnswer: () => true }),
    async onNumber(challenge) {
      const { request, attempts, isNextAttempt } = challenge;
      show(request);
      if (isNextAttempt) afterWrong('number_wrong', request, attempts?.remainingFailureCount ?? 0);
      await receive(challenge, { text: 'The number that the portal shows', ready: undefined, isAnswer: () => true });
    },
    onHandled({ transactionId }, { status, custom }) {
      reportAnswer(phone, transactionId, decision, { status, ...(custom && { custom }) });
    },
  };
}

async function askUntil({ output }: PhoneContext, question: string, expiresAt: string): Promise<string> {
  const leftMs = Date.parse(expiresAt) - Date.now();
  const asked: Asked = leftMs > 0 ? await ask(question, leftMs) : { kind: 'timed_out' };
  if (asked.kind === 'line') return asked.text.trim();
  output.note('', ...(asked.kind === 'timed_out' ? ['  Too late: it has expired.'] : []));
  throw new LeftOpen(asked.kind === 'ended');
}
