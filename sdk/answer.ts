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
  /** What the method asks for, with an approval. */
  readonly proof?: NonNullable<Answer['proof']>;
  /** Over the signing data, with an approval. */
  readonly signature?: string;
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
  // An answer with a PIN's signature is not kept on the phone, not even sealed; it is sent again while this call lasts.
  if (options.proof) {
    const enrolled = requireEnrolled(await device.state.read());
    const once = await sealAnswer(device, enrolled, transactionId, options);
    return sendAnswer(device, enrolled, once, giveUpAtMs(reference, device.transport.serverClock.now()));
  }
  const enrolled = requireEnrolled(
    await device.state.update((state) => withAnswer(device, requireEnrolled(state), transactionId, options)),
  );
  const kept = keptAnswer(enrolled, transactionId, options);
  if (!kept) throw new Error('the answer was not kept');
  return sendAnswer(device, enrolled, kept, giveUpAtMs(reference, device.transport.serverClock.now()));
}

async function withAnswer(
  device: DeviceContext,
  enrolled: EnrolledState,
  transactionId: string,
  options: AnswerOptions,
): Promise<EnrolledState> {
  if (keptAnswer(enrolled, transactionId, options)) return enrolled;
  const entry = await sealAnswer(device, enrolled, transactionId, options);
  // A user who changed their mind sends another answer; the server tells which of them was first.
  return { ...enrolled, answers: keep(enrolled.answers, entry, device.transport.now()) };
}

async function sealAnswer(
  device: DeviceContext,
  enrolled: EnrolledState,
  transactionId: string,
  options: AnswerOptions,
): Promise<KeptAnswer> {
  const nowMs = device.transport.now();
  const content: Answer = {
    purpose: 'answer',
    transactionId,
    enrolmentId: enrolled.enrolment.enrolmentId,
    ...options,
    answeredAt: new Date(nowMs).toISOString(),
  };
  const armored = await seal(content, await sealingKeys(device, enrolled), device.transport.serverClock.earlier());
  const { decision, reason, nonce } = options;
  const told = { decision, ...(reason && { reason }), ...(nonce !== undefined && { nonce }) };
  return { transactionId, ...told, answer: armored, keepUntil: keepUntil(nowMs) };
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
