import type { KeyCache } from './device-keys.ts';
import type { DeviceState, StoredEnrolment } from './device-store.ts';
import { DeviceError, localError } from './errors.ts';
import type { SealingKeys } from './seal.ts';
import { type DeviceReply, type DeviceRequest, sendRequest, type Transport } from './send-request.ts';
import type { StateHolder } from './state-holder.ts';

/** What every operation of a client works with. */
export interface DeviceContext {
  readonly transport: Transport;
  readonly state: StateHolder;
  readonly keys: KeyCache;
}

export type EnrolledState = DeviceState & { readonly enrolment: StoredEnrolment };

/** The state of an enrolled phone; throws `not_enrolled`. */
export function requireEnrolled(state: DeviceState | undefined): EnrolledState {
  if (state?.enrolment) return { ...state, enrolment: state.enrolment };
  throw localError('not_enrolled', 'This phone is not enrolled.');
}

/** Sends a request of an enrolled phone. Where the server says that the enrolment is no more, the phone remembers it. */
export async function sendEnrolled(
  device: DeviceContext,
  enrolled: EnrolledState,
  request: Omit<DeviceRequest, 'signer'>,
): Promise<DeviceReply> {
  const { enrolmentId } = enrolled.enrolment;
  const key = await device.keys.signingKey(enrolled.keys.signingKey);
  try {
    return await sendRequest(device.transport, { ...request, signer: { key, enrolmentId } });
  } catch (error) {
    if (error instanceof DeviceError && error.code === 'enrolment_unknown') await markDisenrolled(device, enrolmentId);
    throw error;
  }
}

/** The OpenPGP keys that guard what goes between this phone and its server. */
export async function sealingKeys(device: DeviceContext, enrolled: EnrolledState): Promise<SealingKeys> {
  const [phone, server] = await Promise.all([
    device.keys.pgpPrivateKey(enrolled.keys.pgpPrivateKey),
    device.keys.pgpPublicKey(enrolled.enrolment.serverPgpPublicKey),
  ]);
  return { phone, server };
}

/**
 * Remembers that the enrolment is no more. The keys stay until the next one: should the server have spoken in error,
 * nothing is lost.
 */
export async function markDisenrolled(device: DeviceContext, enrolmentId: string): Promise<void> {
  await device.state.update((state) => {
    const { enrolment } = requireEnrolled(state);
    if (enrolment.enrolmentId !== enrolmentId) return requireEnrolled(state);
    const disenrolledAt = new Date(device.transport.now()).toISOString();
    return { ...requireEnrolled(state), enrolment: { ...enrolment, disenrolledAt } };
  });
}
