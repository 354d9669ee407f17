import type { RenameRequest } from '../runtime/device-wire.ts';
import { type DeviceContext, requireEnrolled, sendEnrolled } from './device-context.ts';

/** Gives this phone another name, under which portals and its user know it. */
export async function rename(device: DeviceContext, name: string): Promise<void> {
  const enrolled = requireEnrolled(await device.state.read());
  const body: RenameRequest = { name };
  await sendEnrolled(device, enrolled, { method: 'PATCH', path: '/device/v1/device', body });
  await device.state.update((state) => {
    const now = requireEnrolled(state);
    return { ...now, enrolment: { ...now.enrolment, device: { ...now.enrolment.device, name } } };
  });
}
