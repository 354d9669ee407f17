import type { Command } from '../command-line.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';

/** Makes a biometric key for this phone. */
export const registerBiometric: Command<PhoneContext> = {
  about: 'make a biometric key: `approve ID --biometric` then stands for a recognised user',
  async run(phone) {
    await requireEnrolment(phone);
    await phone.client.registerBiometric();
    phone.output.event({ event: 'biometric_registered' }, 'The biometric key is registered.');
    return true;
  },
};
