import type { Command } from '../command-line.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';

/** Replaces the keys of this phone. */
export const rotateKeys: Command<PhoneContext> = {
  about: 'replace the keys of this phone',
  async run(phone) {
    const { enrolmentId } = await requireEnrolment(phone);
    await phone.client.rotateKeys();
    phone.output.event({ event: 'keys_rotated', enrolmentId }, 'This phone has new keys; the old ones count no more.');
    return true;
  },
};
