import type { Challenge, FetchRequest } from '../runtime/device-wire.ts';
import {
  type DeviceContext,
  type EnrolledState,
  requireEnrolled,
  sealingKeys,
  sendEnrolled,
} from './device-context.ts';
import { localError } from './errors.ts';
import { keep } from './keep.ts';
import { open } from './open.ts';
import { type Fields, readMoment, readObject, readText } from './read-field.ts';
import {
  giveUpAtMs,
  keepUntil,
  type TransactionReference,
  transactionIdOf,
  transactionPath,
} from './transaction-reference.ts';

/**
 * Fetches what the user must see before answering. A challenge is given to one request only;
 * this phone asks with the same request each time, so that it may ask again.
 * Throws 10013 when the transaction is unknown, expired or answered, and 9029 when someone else has read the challenge.
 */
export async function fetchChallenge(device: DeviceContext, reference: TransactionReference): Promise<Challenge> {
  const { now } = device.transport;
  const transactionId = transactionIdOf(reference);
  const enrolled = requireEnrolled(
    await device.state.update((state) => withRequestId(requireEnrolled(state), transactionId, now())),
  );
  const requestId = requestIdOf(enrolled, transactionId);
  if (requestId === undefined) throw new Error('the request id was not kept');
  const request: FetchRequest = { requestId };
  const { body } = await sendEnrolled(device, enrolled, {
    method: 'POST',
    path: transactionPath(transactionId, 'fetch'),
    body: request,
    giveUpAtMs: giveUpAtMs(reference, now()),
  });
  const { enrolmentId } = enrolled.enrolment;
  const fields = await open(
    readText(readObject(body, 'sealed reply'), 'message'),
    await sealingKeys(device, enrolled),
    { purpose: 'challenge', transactionId, enrolmentId, requestId },
    now(),
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
    ...(typeof fields.signingData === 'string' && { signingData: fields.signingData }),
  };
}

/** The id is kept before it is sent: a reply that is lost after the server has noted it must not lock the phone out. */
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
] satisfies Challenge['method'][];

/** A method that this client does not know must not end as a bare confirmation. */
function readMethod({ method }: Fields): Challenge['method'] {
  if (!METHODS.includes(method)) throw localError('reply_untrusted', 'The challenge has no known method.');
  return method as Challenge['method'];
}

function readMessage({ message }: Fields): string {
  if (typeof message !== 'string') throw localError('reply_malformed', 'The challenge has no message.');
  return message;
}
