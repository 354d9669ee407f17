import type { Command } from '../command-line.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';

/** Gives this phone another name. */
export const rename: Command<PhoneContext> = {
  about: 'give this phone another name',
  operand: 'NAME',
  async run(phone, _values, name) {
    await requireEnrolment(phone);
    await phone.client.rename(name);
    phone.output.event({ event: 'renamed', name }, `This phone is ${name} now.`);
    return true;
  },
};
