import type { Command } from '../command-line.ts';
import { UsageError } from '../failures.ts';
import { approveChallenge, denyTransaction, showChallenge } from './answer-transaction.ts';
import type { PhoneContext } from './phone-context.ts';

/** Reads a code that a portal shows: claims its transaction, shows it, and approves or denies it. */
export const otp: Command<PhoneContext> = {
  about: 'read the code that a portal shows, and approve (or --deny)',
  operand: 'CODE',
  options: {
    deny: { type: 'boolean', about: 'say no' },
    show: { type: 'boolean', about: 'only claim and show it; answer by approve or deny' },
  },
  async run(phone, values, code) {
    if (values.deny && values.show) throw new UsageError('--deny and --show exclude each other.');
    const challenge = await phone.client.claimOtp(code);
    showChallenge(phone, challenge);
    if (values.show) return true;
    if (!values.deny) return approveChallenge(phone, challenge);
    await denyTransaction(phone, challenge, undefined);
    return true;
  },
};
