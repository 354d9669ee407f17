import type { Command } from '../command-line.ts';
import { aligned } from '../output.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';

/** Shows for whom this phone answers. */
export const whoami: Command<PhoneContext> = {
  about: 'show for whom this phone answers',
  async run(phone) {
    const { deviceId, enrolmentId, userId, applicationId, device, enrolledAt } = await requireEnrolment(phone);
    const { storePath, serverUrl } = phone;
    phone.output.event(
      {
        event: 'whoami',
        userId,
        applicationId,
        enrolmentId,
        deviceId,
        device,
        enrolledAt,
        server: serverUrl,
        store: storePath,
      },
      `${device.name} (${device.platform}) answers for ${userId}.`,
      ...aligned({
        application: applicationId,
        device: deviceId,
        enrolment: enrolmentId,
        since: new Date(enrolledAt).toLocaleString(),
        server: serverUrl,
        'kept in': storePath,
      }),
    );
    return true;
  },
};
