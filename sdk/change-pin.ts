import { type PinChange, type PinChangeRequest, pinChangeStatement } from '../runtime/device-wire.ts';
import {
  type DeviceContext,
  type EnrolledState,
  markDisenrolled,
  requireEnrolled,
  sealingKeys,
  sendEnrolled,
} from './device-context.ts';
import type { PendingPinChange } from './device-store.ts';
import { DeviceError, localError } from './errors.ts';
import { open } from './open.ts';
import { adoptPinChange, fetchPinChallenge, freshOf, withPinChanges } from './pin-challenge.ts';
import { createPinKey, signWithPin } from './pin-key.ts';
import { objectionToPin } from './pin-policy.ts';
import { readObject, readText } from './read-field.ts';
import { seal } from './seal.ts';
import { sha256Base64url } from './sha256.ts';

/** Time for the request with its retries. */
const GIVE_UP_AFTER_MS = 30_000;
/** Of changes whose replies were lost, within minutes. */
const MAX_PENDING = 8;

/**
 * `changed_before`: an earlier change, whose reply was lost, had come through; its PIN counts, and nothing was changed
 * now. `pin_wrong`: the old PIN was not this one. `failed`: that was the last attempt, and the phone must enrol anew.
 */
export type PinChangeOutcome =
  | { readonly status: 'changed' | 'changed_before' | 'failed' }
  | { readonly status: 'pin_wrong'; readonly attemptsLeft: number };

/**
 * Replaces the PIN. The old one is proven to the server, which counts wrong ones together with those of answers; neither
 * PIN leaves the phone. What is not known to have failed is kept, so that a lost reply locks nobody out.
 * Throws `pin_refused` (9009) for a new PIN that is too simple, `pin_not_set` (9010) where there is no old one.
 */
export async function changePin(device: DeviceContext, oldPin: string, newPin: string): Promise<PinChangeOutcome> {
  const objection = objectionToPin(newPin);
  if (objection) throw localError('pin_refused', `This PIN may not be chosen: ${objection}.`);
  const before = requireEnrolled(await device.state.read());
  if (!before.enrolment.pinKey) throw localError('pin_not_set', 'No PIN is set on this phone.');
  const challenge = await fetchPinChallenge(device, before);
  if (await adoptPinChange(device, challenge)) return { status: 'changed_before' };

  const { kept, publicKey, sign } = await createPinKey(newPin);
  const changeId = crypto.randomUUID();
  const statement = { enrolmentId: before.enrolment.enrolmentId, changeId, nonce: challenge.nonce, publicKey };
  const content: PinChange = {
    purpose: 'pin_change',
    ...statement,
    oldSignature: await signWithPin(before.enrolment.pinKey, oldPin, pinChangeStatement(statement)),
    newSignature: await sign(pinChangeStatement(statement)),
  };
  const pending = { changeId, pinKey: kept, sentAt: new Date(device.transport.now()).toISOString() };
  const enrolled = await keepPending(device, pending);
  return send(device, enrolled, content, pending);
}

/** Kept before it is sent: should the reply be lost, the phone still holds the key that the server then has. */
async function keepPending(device: DeviceContext, pending: PendingPinChange): Promise<EnrolledState> {
  const kept = await device.state.update((state) => {
    const now = requireEnrolled(state);
    const others = freshOf(now.enrolment.pinChanges ?? [], device.transport.now());
    if (others.length >= MAX_PENDING)
      throw localError('pin_change_in_progress', 'Too many changes of the PIN at once.');
    return withPinChanges(now, [...others, pending]);
  });
  return requireEnrolled(kept);
}

async function send(
  device: DeviceContext,
  enrolled: EnrolledState,
  content: PinChange,
  pending: PendingPinChange,
): Promise<PinChangeOutcome> {
  const { enrolmentId } = enrolled.enrolment;
  const keys = await sealingKeys(device, enrolled);
  const { serverClock } = device.transport;
  const body: PinChangeRequest = { change: await seal(content, keys, serverClock.earlier()) };
  const giveUpAtMs = serverClock.now() + GIVE_UP_AFTER_MS;
  let reply: unknown;
  try {
    const request = { method: 'POST', path: '/device/v1/pin-key/change', body, giveUpAtMs } as const;
    reply = (await sendEnrolled(device, enrolled, request)).body;
  } catch (error) {
    const isRefused = error instanceof DeviceError && (error.status === 400 || error.status === 409);
    if (isRefused) await dropPending(device, pending);
    throw error;
  }
  const sealed = readText(readObject(reply, 'sealed reply'), 'message');
  const changeSha256 = await sha256Base64url(body.change);
  const expected = { purpose: 'pin_change_reply', enrolmentId, changeSha256 };
  const { status, attemptsLeft } = await open(sealed, keys, expected);
  if (status === 'changed') {
    await adoptPinChange(device, { lastChangeId: pending.changeId });
    return { status };
  }
  if (status === 'pin_wrong' && typeof attemptsLeft === 'number') {
    await dropPending(device, pending);
    return { status, attemptsLeft };
  }
  if (status === 'failed') {
    await markDisenrolled(device, enrolmentId);
    return { status };
  }
  throw localError('reply_malformed', 'The reply to the change of the PIN has no known status.');
}

async function dropPending(device: DeviceContext, { changeId }: PendingPinChange): Promise<void> {
  await device.state.update((state) => {
    const now = requireEnrolled(state);
    const others = (now.enrolment.pinChanges ?? []).filter((other) => other.changeId !== changeId);
    return withPinChanges(now, others);
  });
}
