import { type DeviceContext, markDisenrolled, requireEnrolled, sendEnrolled } from './device-context.ts';
import { DeviceError } from './errors.ts';

/**
 * Ends the enrolment of this phone, on the server and here. Good also where the server ended it before, or where its
 * reply to an earlier try was lost. Throws 9021 for a phone that is not enrolled.
 */
export async function disenrol(device: DeviceContext): Promise<void> {
  const enrolled = requireEnrolled(await device.state.read());
  try {
    await sendEnrolled(device, enrolled, { method: 'DELETE', path: '/device/v1/enrolment' });
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code !== 'enrolment_unknown') throw error;
  }
  await markDisenrolled(device, enrolled.enrolment.enrolmentId);
}
