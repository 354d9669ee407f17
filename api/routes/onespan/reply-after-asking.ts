import type { Response } from 'express';
import { OneSpanError } from '../../../runtime/onespan-errors.ts';
import type { FinalState } from '../../../workflows/domain/transaction.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { type AskedQuestion, askPhone, type Question } from './ask-phone.ts';

/**
 * Asks the phone and replies: at once with `pending`, or, with a timeout, with the outcome if there is one by then. A
 * refusal is a 409 with the vendor's message, and tells `requestID` and `sessionStatus` as well. Nothing is begun for a
 * caller for whom there is no place to wait.
 */
export async function replyAfterAsking(
  dependencies: ApiDependencies,
  response: Response,
  question: Question,
  timeoutSeconds: number,
  more: object = {},
): Promise<void> {
  const seat = timeoutSeconds > 0 ? dependencies.outcomes.takeSeat() : undefined;
  try {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const asked = await askPhone(dependencies, question);
    const outcome = await seat?.wait(asked.requestID, timeoutSeconds * 1_000, gone.signal);
    response.json({ ...replyOf(asked, outcome), ...more });
  } finally {
    seat?.leave();
  }
}

function replyOf({ requestID, requestMessage }: AskedQuestion, outcome: FinalState | undefined): object {
  const asked = { requestID, ...(requestMessage !== undefined && { requestMessage }) };
  switch (outcome?.status) {
    case undefined:
      return { sessionStatus: 'pending', ...asked };
    case 'approved':
      return { sessionStatus: 'accepted', ...asked };
    case 'denied':
      throw new OneSpanError('user_refused', { requestID, sessionStatus: 'refused' });
    case 'expired':
      throw new OneSpanError('timed_out', { requestID, sessionStatus: 'timeout' });
    case 'failed':
    case 'cancelled':
      throw new OneSpanError('authentication_failed', { requestID, sessionStatus: 'failed' });
  }
}
