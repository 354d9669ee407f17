import { type DeviceContext, requireEnrolled, sendEnrolled } from './device-context.ts';
import { localError } from './errors.ts';
import { createPinKey } from './pin-key.ts';
import { objectionToPin } from './pin-policy.ts';

/** Time for the request with its retries. */
const GIVE_UP_AFTER_MS = 30_000;

/**
 * Sets the PIN of this phone's user. It never leaves the phone: the server gets the public half of a key that only the
 * PIN unmasks. Throws `pin_refused` (9009) for a PIN that is too simple.
 */
export async function setPin(device: DeviceContext, pin: string): Promise<void> {
  const objection = objectionToPin(pin);
  if (objection) throw localError('pin_refused', `This PIN may not be chosen: ${objection}.`);
  const enrolled = requireEnrolled(await device.state.read());
  const { kept, publicKey } = await createPinKey(pin);
  const giveUpAtMs = device.transport.serverClock.now() + GIVE_UP_AFTER_MS;
  await sendEnrolled(device, enrolled, { method: 'PUT', path: '/device/v1/pin-key', body: { publicKey }, giveUpAtMs });
  await device.state.update((state) => {
    const now = requireEnrolled(state);
    return { ...now, enrolment: { ...now.enrolment, pinKey: kept } };
  });
}
