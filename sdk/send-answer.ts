import type { AnswerRequest } from '../runtime/device-wire.ts';
import {
  type DeviceContext,
  type EnrolledState,
  requireEnrolled,
  sealingKeys,
  sendEnrolled,
} from './device-context.ts';
import type { KeptAnswer } from './device-store.ts';
import { DeviceError, localError } from './errors.ts';
import { open } from './open.ts';
import { readObject, readText } from './read-field.ts';
import type { DeviceReply } from './send-request.ts';
import { sha256Base64url } from './sha256.ts';
import { transactionPath } from './transaction-reference.ts';

/**
 * `approved` and `denied` are the server's signed word.
 * `recorded`: the answer is safe, and is judged as soon as the server can; answering again tells how.
 */
export type AnswerOutcome = { readonly status: 'approved' | 'denied' | 'recorded' };

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
    return { status: await openVerdict(device, enrolled, kept, reply) };
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
): Promise<'approved' | 'denied'> {
  const { status } = await open(
    readText(readObject(reply.body, 'sealed reply'), 'message'),
    await sealingKeys(device, enrolled),
    {
      purpose: 'answer_reply',
      transactionId: kept.transactionId,
      enrolmentId: enrolled.enrolment.enrolmentId,
      answerSha256: await sha256Base64url(kept.answer),
    },
    device.transport.now(),
  );
  if (status !== 'approved' && status !== 'denied') {
    throw localError('reply_malformed', 'The reply to the answer has no known status.');
  }
  return status;
}
