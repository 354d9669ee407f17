import { type Challenge, proofStatement } from '../runtime/device-wire.ts';
import { type AnswerOptions, answer } from './answer.ts';
import { forgetBiometric, signWithBiometric } from './biometric-key.ts';
import { type DeviceContext, type EnrolledState, markDisenrolled, requireEnrolled } from './device-context.ts';
import type { StoredEnrolment } from './device-store.ts';
import { localError } from './errors.ts';
import { withSettledPin } from './pin-challenge.ts';
import { signWithPin } from './pin-key.ts';
import type { AnswerOutcome } from './send-answer.ts';
import { signData } from './sign-data.ts';

/** What the user gave, as the method of the challenge asks for it. */
export interface ApprovalInput {
  /** For `push_with_pin`, and where it stands in for another proof. */
  readonly pin?: string;
  /** For `push_with_fingerprint`: the platform has recognised the user. Without it, or without a key, the PIN. */
  readonly biometric?: boolean;
  /** For `push_with_custom_authenticator`: what its verifier understands. Without it, the PIN. */
  readonly custom?: string;
  /** For `push_with_number`: what the portal shows. */
  readonly number?: string;
}

/**
 * Says yes to a challenge that was shown. Throws `proof_missing` where its method asks for something that was not given;
 * a wrong PIN or number is an outcome.
 */
export async function approve(
  device: DeviceContext,
  challenge: Challenge,
  input: ApprovalInput,
): Promise<AnswerOutcome> {
  const read = requireEnrolled(await device.state.read());
  const enrolled = input.pin === undefined ? read : await withSettledPin(device, read);
  const proof = await proofFor(challenge, enrolled.enrolment, input);
  const signature =
    challenge.signingData === undefined ? undefined : await signData(device, enrolled, challenge.signingData);
  const outcome = await answer(device, challenge, {
    decision: 'approve',
    nonce: challenge.nonce,
    ...(proof && { proof }),
    ...(signature !== undefined && { signature }),
  });
  await rememberFailure(device, enrolled, proof?.kind, outcome);
  return outcome;
}

/** The server ends the enrolment with the last wrong PIN, and the biometric key with a wrong proof. */
async function rememberFailure(
  device: DeviceContext,
  { enrolment }: EnrolledState,
  kind: 'pin' | 'biometric' | 'custom' | 'number' | undefined,
  { status }: AnswerOutcome,
): Promise<void> {
  if (kind === 'pin' && status === 'failed') await markDisenrolled(device, enrolment.enrolmentId);
  if (kind === 'biometric' && status === 'pin_required') await forgetBiometric(device);
}

async function proofFor(
  challenge: Challenge,
  { pinKey, biometricKey }: StoredEnrolment,
  { pin, number, biometric, custom }: ApprovalInput,
): Promise<AnswerOptions['proof'] | undefined> {
  if (challenge.method === 'push' || challenge.method === 'otp') return undefined;
  if (challenge.method === 'push_with_number') {
    if (number === undefined) throw localError('proof_missing', 'This request is approved with the number shown.');
    return { kind: 'number', number };
  }
  if (challenge.method === 'push_with_fingerprint' && biometric && biometricKey) {
    return {
      kind: 'biometric',
      signature: await signWithBiometric(biometricKey, proofStatement('biometric', challenge)),
    };
  }
  if (challenge.method === 'push_with_custom_authenticator' && custom !== undefined) {
    return { kind: 'custom', payload: custom };
  }
  if (pin === undefined || !pinKey) throw localError('proof_missing', 'This request is approved with the PIN.');
  return { kind: 'pin', signature: await signWithPin(pinKey, pin, proofStatement('pin', challenge)) };
}
