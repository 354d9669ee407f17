import type { AuthenticateInput, BeginReply } from './contract.ts';
import type { AuthenticationMethod } from './domain/transaction.ts';
import type { Narrator } from './narrate.ts';
import { smsRefusalOf } from './sms-refusal.ts';
import { isStepFailure } from './step-failure.ts';
import { beginTransactionWithin } from './steps.ts';

/** Writes the transaction, then hands the push to the provider, or the SMS to a gateway. The reply is what the portal hears as the result of its call. */
export async function handOver(
  input: AuthenticateInput,
  deadlineMs: number,
  startedAtMs: number,
  narrator: Narrator,
): Promise<BeginReply> {
  const { requestSha256, policy } = input;
  const patienceMs = startedAtMs + (input.handOffWithinMs ?? policy.timeToLiveMs) - Date.now();
  if (patienceMs <= 0) return { ok: false, code: 'too_late', requestSha256 };
  let method: AuthenticationMethod = policy.method;
  try {
    const sent = await beginTransactionWithin(patienceMs)({ input, createdAtMs: startedAtMs, deadlineMs });
    if ('by' in sent) {
      method = 'sms';
      if (!sent.ok) {
        narrator.tell(Date.now(), `The SMS could not be sent: ${sent.failure}`);
        const { retryAfterSeconds } = sent;
        const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
        return { ok: false, code: smsRefusalOf(sent.failure), requestSha256, ...later };
      }
    } else if (!sent.ok) {
      narrator.tell(Date.now(), `The push could not be handed over: ${sent.failure}`);
      return { ok: false, code: 'provider_failed', requestSha256 };
    }
  } catch (error) {
    if (!isStepFailure(error)) throw error;
    return { ok: false, code: 'storage_unavailable', requestSha256 };
  }
  narrator.tell(Date.now(), waitsFor(input.isUnannounced ? 'otp' : method));
  return { ok: true, method, requestSha256 };
}

function waitsFor(method: AuthenticationMethod): string {
  if (method === 'otp') return 'Waiting for a phone to read the code';
  return method === 'sms' ? 'Sent by SMS; waiting for the code' : 'Pushed to the phone; waiting for its answer';
}
