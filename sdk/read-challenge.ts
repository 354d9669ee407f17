import type { Challenge } from '../runtime/device-wire.ts';
import { type DeviceContext, type EnrolledState, requireEnrolled, sealingKeys } from './device-context.ts';
import { localError } from './errors.ts';
import { keep } from './keep.ts';
import { open } from './open.ts';
import { type Fields, readMoment, readObject, readText } from './read-field.ts';
import { keepUntil } from './transaction-reference.ts';

/** One fetch of this phone: the same one each time it asks for the same transaction. */
export interface ChallengeRequest {
  readonly enrolled: EnrolledState;
  readonly transactionId: string;
  readonly requestId: string;
}

/** The id is kept before it is sent: a reply that is lost after the server has noted it must not lock the phone out. */
export async function challengeRequestFor(device: DeviceContext, transactionId: string): Promise<ChallengeRequest> {
  const enrolled = requireEnrolled(
    await device.state.update((state) => withRequestId(requireEnrolled(state), transactionId, device.transport.now())),
  );
  const requestId = requestIdOf(enrolled, transactionId);
  if (requestId === undefined) throw new Error('the request id was not kept');
  return { enrolled, transactionId, requestId };
}

/** Opens the sealed reply to a fetch; throws where it is not the server's reply to this very request. */
export async function readChallenge(
  device: DeviceContext,
  { enrolled, transactionId, requestId }: ChallengeRequest,
  body: unknown,
): Promise<Challenge> {
  const { enrolmentId } = enrolled.enrolment;
  const fields = await open(
    readText(readObject(body, 'sealed reply'), 'message'),
    await sealingKeys(device, enrolled),
    { purpose: 'challenge', transactionId, enrolmentId, requestId },
  );
  return {
    purpose: 'challenge',
    transactionId,
    enrolmentId,
    requestId,
    type: readText(fields, 'type'),
    method: readMethod(fields),
    message: readMessage(fields),
    expiresAt: readMoment(fields, 'expiresAt'),
    nonce: readText(fields, 'nonce'),
    ...(typeof fields.expiresInMs === 'number' && { expiresInMs: fields.expiresInMs }),
    ...readAttempts(fields),
    ...(typeof fields.signingData === 'string' && { signingData: fields.signingData }),
  };
}

function withRequestId(state: EnrolledState, transactionId: string, nowMs: number): EnrolledState {
  if (requestIdOf(state, transactionId) !== undefined) return state;
  const entry = { transactionId, requestId: crypto.randomUUID(), keepUntil: keepUntil(nowMs) };
  return { ...state, fetches: keep(state.fetches, entry, nowMs) };
}

function requestIdOf(state: EnrolledState, transactionId: string): string | undefined {
  return state.fetches.find((kept) => kept.transactionId === transactionId)?.requestId;
}

const METHODS: readonly unknown[] = [
  'push',
  'push_with_pin',
  'push_with_fingerprint',
  'push_with_custom_authenticator',
  'push_with_number',
  'otp',
] satisfies Challenge['method'][];

/** A method that this client does not know must not end as a bare confirmation. */
function readMethod({ method }: Fields): Challenge['method'] {
  if (!METHODS.includes(method)) throw localError('reply_untrusted', 'The challenge has no known method.');
  return method as Challenge['method'];
}

/** For the user to see, and of no weight beside: one that is malformed is left out. */
function readAttempts({ attempts }: Fields): Pick<Challenge, 'attempts'> {
  const { max, left } = (attempts ?? {}) as { readonly max?: unknown; readonly left?: unknown };
  return typeof max === 'number' && typeof left === 'number' ? { attempts: { max, left } } : {};
}

function readMessage({ message }: Fields): string {
  if (typeof message !== 'string') throw localError('reply_malformed', 'The challenge has no message.');
  return message;
}
