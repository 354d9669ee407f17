import { type Challenge, type ClaimRequest, readOtp } from '../runtime/device-wire.ts';
import { type DeviceContext, sendEnrolled } from './device-context.ts';
import { localError } from './errors.ts';
import { challengeRequestFor, readChallenge } from './read-challenge.ts';
import { giveUpAtMs } from './transaction-reference.ts';

/** True for a one-time code of Countersign, alone or at the end of a link; never throws. */
export function canHandleOtp(text: unknown): boolean {
  return typeof text === 'string' && readOtp(text) !== undefined;
}

/**
 * Claims the transaction of a one-time code for this phone, and fetches what the user must see before answering. May be
 * called again with the same code. Throws 10018 for a text that is no code, 10013 for a code that is not valid or not any
 * more, and 9029 when another phone was first.
 */
export async function claimOtp(device: DeviceContext, text: string): Promise<Challenge> {
  const content = readOtp(text);
  if (!content) throw localError('otp_not_handleable', 'The text is no one-time code of this service.');
  const asked = await challengeRequestFor(device, content.transactionId);
  const request: ClaimRequest = { otp: text.trim(), requestId: asked.requestId };
  const { body } = await sendEnrolled(device, asked.enrolled, {
    method: 'POST',
    path: '/device/v1/otp',
    body: request,
    giveUpAtMs: giveUpAtMs(content, device.transport.serverClock.now()),
  });
  return readChallenge(device, asked, body);
}
