import type { Command } from '../command-line.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';

/** Ends the enrolment of this phone. */
export const disenrol: Command<PhoneContext> = {
  about: 'end the enrolment of this phone',
  async run(phone) {
    const { enrolmentId, userId, device } = await requireEnrolment(phone);
    await phone.client.disenrol();
    phone.output.event({ event: 'disenrolled', enrolmentId, userId }, `${device.name} answers for ${userId} no more.`);
    return true;
  },
};
