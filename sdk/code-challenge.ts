import {
  type CodeChallenge,
  type DigitsRequest,
  messageOfHex,
  readTransactionMessage,
} from '../runtime/device-wire.ts';
import {
  type DeviceContext,
  type EnrolledState,
  requireEnrolled,
  sealingKeys,
  sendEnrolled,
} from './device-context.ts';
import { localError } from './errors.ts';
import { open } from './open.ts';
import { readMoment, readObject, readText } from './read-field.ts';

/**
 * The transaction that the picture of a request message leads to, to be fetched and answered like one that a push tells
 * of; undefined for any other text. Never throws.
 */
export function transactionOfMessage(text: unknown): string | undefined {
  return typeof text === 'string' ? readTransactionMessage(text) : undefined;
}

/**
 * Reads a visual challenge, without a connection: what the user must see, and the code to type at the portal should they
 * agree. Throws 10018 for a text that is none, or is not for this phone.
 */
export async function readVisualChallenge(device: DeviceContext, text: string): Promise<CodeChallenge> {
  return openCode(device, requireEnrolled(await device.state.read()), messageOfHex(text));
}

/** Asks for the code to digits that the portal shows. Throws 10013 for digits that are not for this phone, or not any more. */
export async function codeForDigits(device: DeviceContext, digits: string): Promise<CodeChallenge> {
  const enrolled = requireEnrolled(await device.state.read());
  const request: DigitsRequest = { digits: digits.trim() };
  const path = '/device/v1/challenge-codes';
  const { body } = await sendEnrolled(device, enrolled, { method: 'POST', path, body: request });
  return openCode(device, enrolled, readText(readObject(body, 'sealed reply'), 'message'));
}

async function openCode(device: DeviceContext, enrolled: EnrolledState, sealed: string): Promise<CodeChallenge> {
  const { enrolmentId } = enrolled.enrolment;
  const fields = await open(sealed, await sealingKeys(device, enrolled), { purpose: 'code_challenge', enrolmentId });
  const expiresAt = readMoment(fields, 'expiresAt');
  if (Date.parse(expiresAt) <= device.transport.serverClock.now())
    throw localError('challenge_expired', 'The challenge has expired.');
  return {
    purpose: 'code_challenge',
    enrolmentId,
    expiresAt,
    message: readText(fields, 'message'),
    issuedAt: readMoment(fields, 'issuedAt'),
    otp: readText(fields, 'otp'),
  };
}
