import { ActivityFailure } from '@temporalio/workflow';
import type { AuthenticateInput, BeginReply } from './contract.ts';
import type { Narrator } from './narrate.ts';
import { beginTransactionWithin } from './steps.ts';

/** Writes the transaction, then hands the push to the provider. The reply is what the portal hears as the result of its call. */
export async function handOver(
  input: AuthenticateInput,
  deadlineMs: number,
  startedAtMs: number,
  narrator: Narrator,
): Promise<BeginReply> {
  const { requestSha256, policy } = input;
  const patienceMs = startedAtMs + (input.handOffWithinMs ?? policy.timeToLiveMs) - Date.now();
  if (patienceMs <= 0) return { ok: false, code: 'too_late', requestSha256 };
  try {
    const sent = await beginTransactionWithin(patienceMs)({ input, createdAtMs: startedAtMs, deadlineMs });
    if (!sent.ok) {
      narrator.tell(Date.now(), `The push could not be handed over: ${sent.failure}`);
      return { ok: false, code: 'provider_failed', requestSha256 };
    }
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { ok: false, code: 'storage_unavailable', requestSha256 };
  }
  const waitsFor =
    policy.method === 'otp' ? 'Waiting for a phone to read the code' : 'Pushed to the phone; waiting for its answer';
  narrator.tell(Date.now(), waitsFor);
  return { ok: true, method: policy.method, requestSha256 };
}
