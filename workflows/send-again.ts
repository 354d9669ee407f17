import type { ResendVerdict } from './contract.ts';
import { smsRefusalOf } from './sms-refusal.ts';
import { isStepFailure } from './step-failure.ts';
import { sendPush, sendSms } from './steps.ts';

/** What came of sending once more: its story for operators, and why it was not sent where it was not. */
export interface SentAgain {
  readonly story: string;
  readonly refusal?: ResendVerdict & { readonly ok: false };
}

export function pushAgain(transactionId: string, step: number): Promise<SentAgain> {
  return unlessUnrecorded(async () => {
    const sent = await sendPush({ transactionId, step });
    if (sent.ok) return { story: 'Pushed again' };
    return { story: `Pushing again failed (${sent.failure})`, refusal: { ok: false, refusal: 'provider_failed' } };
  });
}

export function sendSmsAgain(transactionId: string, step: number): Promise<SentAgain> {
  return unlessUnrecorded(async () => {
    const sent = await sendSms({ transactionId, step });
    if (sent.ok) return { story: 'SMS sent again' };
    const { failure, retryAfterSeconds } = sent;
    const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    return {
      story: `Sending the SMS again failed (${failure})`,
      refusal: { ok: false, refusal: smsRefusalOf(failure), ...later },
    };
  });
}

/** A database that is away costs the portal this resend, and not the transaction. */
async function unlessUnrecorded(send: () => Promise<SentAgain>): Promise<SentAgain> {
  try {
    return await send();
  } catch (error) {
    if (!isStepFailure(error)) throw error;
    return {
      story: 'What came of sending again could not be written down',
      refusal: { ok: false, refusal: 'storage_unavailable' },
    };
  }
}
