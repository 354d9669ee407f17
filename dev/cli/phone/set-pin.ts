import type { Command } from '../command-line.ts';
import { requiredOption } from '../read-option.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';

/** Sets the PIN of the phone's user. */
export const setPin: Command<PhoneContext> = {
  about: "set the PIN of the phone's user; it never leaves the phone",
  options: { pin: { type: 'string', value: 'PIN', about: 'five to 32 digits, no simple sequence' } },
  async run(phone, values) {
    await requireEnrolment(phone);
    await phone.client.setPin(requiredOption(values, 'pin'));
    phone.output.event({ event: 'pin_set' }, 'The PIN is set.');
    return true;
  },
};
