import type { AnswerVerdict, CodeVerdict, CustomInfo } from './contract.ts';
import type { FinalState } from './domain/transaction.ts';
import type { Letter } from './mailbox.ts';

/** How a transaction ended, and by what. */
export interface Outcome {
  readonly state: FinalState;
  /** The answer that it rests on, so that the same answer sent again gets the same reply. */
  readonly settledBy: string | null;
  /** What a custom authenticator said with it. */
  readonly settledWith: CustomInfo | undefined;
}

/** Replies to one request after the end. */
export function replyWithOutcome(letter: Letter, outcome: Outcome): void {
  switch (letter.kind) {
    case 'resend':
    case 'code':
      letter.reply({ ok: false, refusal: 'already_settled' });
      break;
    case 'answer':
      letter.reply(verdictOnAnswer(letter.message.answerSha256, outcome));
      break;
    case 'cancel':
    case 'deny':
      letter.reply({ status: outcome.state.status });
      break;
  }
}

function verdictOnAnswer(answerSha256: string, { state, settledBy, settledWith }: Outcome): AnswerVerdict {
  const { status } = state;
  if (answerSha256 === settledBy && (status === 'approved' || status === 'denied' || status === 'failed')) {
    return { ok: true, status, ...(settledWith && { custom: settledWith }) };
  }
  return { ok: false, refusal: status === 'expired' ? 'expired' : 'already_settled', status };
}

/**
 * The reply to the code that settled the transaction. A code is good once: that it was right before is told to nobody who
 * brings it again.
 */
export function verdictOnCode({ status }: FinalState): CodeVerdict {
  if (status === 'approved' || status === 'failed') return { ok: true, status };
  return { ok: false, refusal: status === 'expired' ? 'expired' : 'already_settled' };
}
