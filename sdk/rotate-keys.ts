import { type KeysRequest, NEW_KEY_PROOF_TYPE } from '../runtime/device-wire.ts';
import { type DeviceContext, type EnrolledState, requireEnrolled, sendEnrolled } from './device-context.ts';
import { generateDeviceKeys, publicSigningKey } from './device-keys.ts';
import type { DeviceKeys } from './device-store.ts';
import { DeviceError } from './errors.ts';
import { makeRequestProof } from './request-proof.ts';
import { isRefusedForClock, sendRequest } from './send-request.ts';

const PATH = '/device/v1/keys';

/**
 * Replaces both key pairs of this phone. The new ones are kept before they are sent: where the reply was lost, calling
 * this again finds out which ones count. Until then the phone goes on with the old ones.
 */
export async function rotateKeys(device: DeviceContext): Promise<void> {
  const enrolled = requireEnrolled(await device.state.update((state) => withNextKeys(device, requireEnrolled(state))));
  const { nextKeys } = enrolled;
  if (!nextKeys) throw new Error('the new keys were not kept');
  try {
    await sendKeys(device, enrolled, nextKeys);
  } catch (error) {
    // The old key counts no more: this, or an earlier try whose reply was lost, may have come through.
    if (!(error instanceof DeviceError) || error.code !== 'proof_invalid') throw error;
    if (!(await areTaken(device, enrolled, nextKeys))) throw error;
  }
  await device.state.update((state) => adopt(requireEnrolled(state), nextKeys));
}

async function sendKeys(device: DeviceContext, enrolled: EnrolledState, next: DeviceKeys): Promise<void> {
  const send = async () =>
    sendEnrolled(device, enrolled, { method: 'POST', path: PATH, body: await requestWith(device, enrolled, next) });
  try {
    await send();
  } catch (error) {
    // The proof by the new key is within the body, and was made before the server's clock was learned.
    if (!isRefusedForClock(error)) throw error;
    await send();
  }
}

async function withNextKeys(device: DeviceContext, state: EnrolledState): Promise<EnrolledState> {
  if (state.nextKeys) return state;
  return { ...state, nextKeys: await generateDeviceKeys(state.deviceId, device.transport.now()) };
}

async function requestWith(
  { keys, transport }: DeviceContext,
  { enrolment }: EnrolledState,
  next: DeviceKeys,
): Promise<KeysRequest> {
  const signer = { key: await keys.signingKey(next.signingKey), enrolmentId: enrolment.enrolmentId };
  const proven = { method: 'POST', address: transport.serverUrl + PATH, body: next.pgpPublicKey };
  return {
    pgpPublicKey: next.pgpPublicKey,
    signingKey: publicSigningKey(next.signingKey),
    newKeyProof: await makeRequestProof(signer, proven, transport.serverClock.now(), NEW_KEY_PROOF_TYPE),
  };
}

/** True when the server takes a request that the new key proves. */
async function areTaken(
  { keys, transport }: DeviceContext,
  { enrolment }: EnrolledState,
  next: DeviceKeys,
): Promise<boolean> {
  const signer = { key: await keys.signingKey(next.signingKey), enrolmentId: enrolment.enrolmentId };
  try {
    await sendRequest(transport, { method: 'GET', path: '/device/v1/transactions', signer });
    return true;
  } catch (error) {
    if (error instanceof DeviceError && error.code === 'proof_invalid') return false;
    throw error;
  }
}

function adopt(state: EnrolledState, keys: DeviceKeys): EnrolledState {
  const { nextKeys: _, ...rest } = state;
  return { ...rest, keys };
}
