import type { AnswerRequest } from '../runtime/device-wire.ts';
import {
  type DeviceContext,
  type EnrolledState,
  requireEnrolled,
  sealingKeys,
  sendEnrolled,
} from './device-context.ts';
import type { KeptAnswer } from './device-store.ts';
import { type CustomInfo, DeviceError, localError } from './errors.ts';
import { open } from './open.ts';
import { readObject, readText } from './read-field.ts';
import type { DeviceReply } from './send-request.ts';
import { sha256Base64url } from './sha256.ts';
import { transactionPath } from './transaction-reference.ts';

/**
 * What became of an answer. `approved` and `denied` are the server's signed word.
 * `recorded`: the answer is safe, and is judged as soon as the server can; answering again tells how.
 * `pin_wrong`, `number_wrong`: nothing is decided, the user may try again. `failed`: that was the last attempt.
 */
export type AnswerOutcome =
  | { readonly status: 'approved' | 'denied' | 'recorded' | 'failed'; readonly custom?: CustomInfo }
  /** The biometric or custom proof was not taken: the PIN is asked for in the same transaction. */
  | { readonly status: 'pin_required'; readonly custom?: CustomInfo }
  | { readonly status: 'pin_wrong' | 'number_wrong'; readonly attemptsLeft: number };

/** Sends a kept answer, byte for byte, and tells what the server says to it. */
export async function sendAnswer(
  device: DeviceContext,
  enrolled: EnrolledState,
  kept: KeptAnswer,
  giveUpAtMs: number,
): Promise<AnswerOutcome> {
  const body: AnswerRequest = { answer: kept.answer };
  const path = transactionPath(kept.transactionId, 'answer');
  try {
    const reply = await sendEnrolled(device, enrolled, { method: 'POST', path, body, giveUpAtMs });
    if (reply.status === 202) return { status: 'recorded' };
    const outcome = await openVerdict(device, enrolled, kept, reply);
    if ('attemptsLeft' in outcome || outcome.status === 'pin_required') await forget(device, kept);
    return outcome;
  } catch (error) {
    // The server can not read these bytes: sending them again would never help, sealing anew may.
    if (error instanceof DeviceError && error.status === 400) await forget(device, kept);
    throw error;
  }
}

async function forget(device: DeviceContext, refused: KeptAnswer): Promise<void> {
  await device.state.update((state) => {
    const enrolled = requireEnrolled(state);
    return { ...enrolled, answers: enrolled.answers.filter((kept) => kept.answer !== refused.answer) };
  });
}

async function openVerdict(
  device: DeviceContext,
  enrolled: EnrolledState,
  kept: KeptAnswer,
  reply: DeviceReply,
): Promise<AnswerOutcome> {
  const { status, attemptsLeft, custom } = await open(
    readText(readObject(reply.body, 'sealed reply'), 'message'),
    await sealingKeys(device, enrolled),
    {
      purpose: 'answer_reply',
      transactionId: kept.transactionId,
      enrolmentId: enrolled.enrolment.enrolmentId,
      answerSha256: await sha256Base64url(kept.answer),
    },
  );
  const told = isCustomInfo(custom) ? { custom } : {};
  if (status === 'pin_required') return { status, ...told };
  if (status === 'approved' || status === 'denied' || status === 'failed') return { status, ...told };
  if ((status === 'pin_wrong' || status === 'number_wrong') && typeof attemptsLeft === 'number') {
    return { status, attemptsLeft };
  }
  throw localError('reply_malformed', 'The reply to the answer has no known status.');
}

function isCustomInfo(value: unknown): value is CustomInfo {
  return typeof value === 'object' && value !== null && typeof (value as { status?: unknown }).status === 'number';
}
