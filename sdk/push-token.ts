import type { PushTokenRequest } from '../runtime/device-wire.ts';
import { type DeviceContext, requireEnrolled, sendEnrolled } from './device-context.ts';

const PATH = '/device/v1/push-token';

/**
 * Brings the first push token of an enrolment that was made without one. Throws 9017 where that is switched off, 9018
 * where another device of the user has pushes and only one may, 9016 for a token of another enrolment.
 */
export function enrolForPush(device: DeviceContext, pushToken: string): Promise<void> {
  return sendToken(device, { pushToken });
}

/**
 * Tells the server that the platform's push service gave this phone another token. The one known so far proves it.
 * Where the phone has none yet, the new one is its first.
 */
export async function changePushToken(device: DeviceContext, pushToken: string): Promise<void> {
  const { enrolment } = requireEnrolled(await device.state.read());
  const oldPushToken = enrolment.pushToken;
  await sendToken(device, { pushToken, ...(oldPushToken !== undefined && { oldPushToken }) });
}

/** Wants no more pushes; the phone stays enrolled, and what waits can still be asked for. */
export async function endPush(device: DeviceContext): Promise<void> {
  const enrolled = requireEnrolled(await device.state.read());
  await sendEnrolled(device, enrolled, { method: 'DELETE', path: PATH });
  await device.state.update((state) => {
    const now = requireEnrolled(state);
    const { pushToken: _, ...enrolment } = now.enrolment;
    return { ...now, enrolment };
  });
}

async function sendToken(device: DeviceContext, request: PushTokenRequest): Promise<void> {
  const enrolled = requireEnrolled(await device.state.read());
  await sendEnrolled(device, enrolled, { method: 'PUT', path: PATH, body: request });
  await device.state.update((state) => {
    const now = requireEnrolled(state);
    return { ...now, enrolment: { ...now.enrolment, pushToken: request.pushToken } };
  });
}
