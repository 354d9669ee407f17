import { type DeviceContext, requireEnrolled } from './device-context.ts';
import { type AnswerOutcome, sendAnswer } from './send-answer.ts';
import { giveUpAtMs } from './transaction-reference.ts';

/**
 * Sends an approval that this phone has given once more, and so learns what became of it, also after a restart and
 * after the transaction has ended, when its challenge can no longer be fetched. Undefined when it has given none.
 */
export async function repeatApproval(device: DeviceContext, transactionId: string): Promise<AnswerOutcome | undefined> {
  const enrolled = requireEnrolled(await device.state.read());
  const approval = enrolled.answers.findLast(
    (kept) => kept.transactionId === transactionId && kept.decision === 'approve',
  );
  if (!approval) return undefined;
  return sendAnswer(device, enrolled, approval, giveUpAtMs(transactionId, device.transport.serverClock.now()));
}
