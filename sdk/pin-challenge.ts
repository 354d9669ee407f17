import type { PinChallenge, PinChallengeRequest } from '../runtime/device-wire.ts';
import {
  type DeviceContext,
  type EnrolledState,
  requireEnrolled,
  sealingKeys,
  sendEnrolled,
} from './device-context.ts';
import type { PendingPinChange } from './device-store.ts';
import { open } from './open.ts';
import { readObject, readText } from './read-field.ts';

const GIVE_UP_AFTER_MS = 30_000;

/** Past this a change that was sent can not come through any more: the proof of its request is stale. */
const MAY_STILL_ARRIVE_MS = 5 * 60_000;

/** Asks the server what a change of the PIN must prove the old one over, and which change came through last. */
export async function fetchPinChallenge(
  device: DeviceContext,
  enrolled: EnrolledState,
): Promise<Pick<PinChallenge, 'nonce' | 'lastChangeId'>> {
  const requestId = crypto.randomUUID();
  const body: PinChallengeRequest = { requestId };
  const giveUpAtMs = device.transport.serverClock.now() + GIVE_UP_AFTER_MS;
  const path = '/device/v1/pin-key/challenge';
  const reply = await sendEnrolled(device, enrolled, { method: 'POST', path, body, giveUpAtMs });
  const fields = await open(
    readText(readObject(reply.body, 'sealed reply'), 'message'),
    await sealingKeys(device, enrolled),
    { purpose: 'pin_challenge', enrolmentId: enrolled.enrolment.enrolmentId, requestId },
  );
  const { lastChangeId } = fields;
  return { nonce: readText(fields, 'nonce'), ...(typeof lastChangeId === 'string' && { lastChangeId }) };
}

/**
 * Takes the key of a change into use where the server says that it came through; true then. Those that can not come
 * through any more are forgotten.
 */
export async function adoptPinChange(
  device: DeviceContext,
  { lastChangeId }: Pick<PinChallenge, 'lastChangeId'>,
): Promise<boolean> {
  let isAdopted = false;
  await device.state.update((state) => {
    const now = requireEnrolled(state);
    const { pinChanges, ...enrolment } = now.enrolment;
    if (!pinChanges) return now;
    const through = pinChanges.find(({ changeId }) => changeId === lastChangeId);
    isAdopted = through !== undefined;
    // The others were against the key that this one has replaced.
    if (through) return { ...now, enrolment: { ...enrolment, pinKey: through.pinKey } };
    return withPinChanges(now, freshOf(pinChanges, device.transport.now()));
  });
  return isAdopted;
}

/** Those that may still come through. */
export function freshOf(changes: readonly PendingPinChange[], nowMs: number): readonly PendingPinChange[] {
  return changes.filter(({ sentAt }) => nowMs - Date.parse(sentAt) <= MAY_STILL_ARRIVE_MS);
}

/** The state with these changes of the PIN under way. */
export function withPinChanges(state: EnrolledState, changes: readonly PendingPinChange[]): EnrolledState {
  const { pinChanges: _, ...enrolment } = state.enrolment;
  return { ...state, enrolment: changes.length === 0 ? enrolment : { ...enrolment, pinChanges: changes } };
}

/** The state with the PIN key that counts: where the reply to a change was lost, the server is asked. */
export async function withSettledPin(device: DeviceContext, enrolled: EnrolledState): Promise<EnrolledState> {
  if (!enrolled.enrolment.pinChanges) return enrolled;
  await adoptPinChange(device, await fetchPinChallenge(device, enrolled));
  return requireEnrolled(await device.state.read());
}
