import type { Answer, Decision, DenialReason } from '../runtime/device-wire.ts';
import { type DeviceContext, type EnrolledState, requireEnrolled, sealingKeys } from './device-context.ts';
import type { KeptAnswer } from './device-store.ts';
import { keep } from './keep.ts';
import { seal } from './seal.ts';
import { type AnswerOutcome, sendAnswer } from './send-answer.ts';
import { giveUpAtMs, keepUntil, type TransactionReference, transactionIdOf } from './transaction-reference.ts';

export interface AnswerOptions {
  readonly decision: Decision;
  /** Only with a denial. */
  readonly reason?: DenialReason;
  /** Of the challenge; required to approve. */
  readonly nonce?: string;
}

/**
 * Sends the user's answer. Its bytes are kept before the first try and sent again as they are,
 * now or after a restart: however many times it arrives, it is one answer.
 * Throws 10013 when the transaction is unknown, expired or settled otherwise.
 */
export async function answer(
  device: DeviceContext,
  reference: TransactionReference,
  options: AnswerOptions,
): Promise<AnswerOutcome> {
  const transactionId = transactionIdOf(reference);
  const enrolled = requireEnrolled(
    await device.state.update((state) => withAnswer(device, requireEnrolled(state), transactionId, options)),
  );
  const kept = keptAnswer(enrolled, transactionId, options);
  if (!kept) throw new Error('the answer was not kept');
  return sendAnswer(device, enrolled, kept, giveUpAtMs(reference, device.transport.now()));
}

async function withAnswer(
  device: DeviceContext,
  enrolled: EnrolledState,
  transactionId: string,
  options: AnswerOptions,
): Promise<EnrolledState> {
  if (keptAnswer(enrolled, transactionId, options)) return enrolled;
  const nowMs = device.transport.now();
  const content: Answer = {
    purpose: 'answer',
    transactionId,
    enrolmentId: enrolled.enrolment.enrolmentId,
    ...options,
    answeredAt: new Date(nowMs).toISOString(),
  };
  const armored = await seal(content, await sealingKeys(device, enrolled), nowMs);
  const entry: KeptAnswer = { transactionId, ...options, answer: armored, keepUntil: keepUntil(nowMs) };
  // A user who changed their mind sends another answer; the server tells which of them was first.
  return { ...enrolled, answers: keep(enrolled.answers, entry, nowMs) };
}

function keptAnswer(state: EnrolledState, transactionId: string, options: AnswerOptions): KeptAnswer | undefined {
  return state.answers.find(
    (kept) =>
      kept.transactionId === transactionId &&
      kept.decision === options.decision &&
      kept.reason === options.reason &&
      kept.nonce === options.nonce,
  );
}
