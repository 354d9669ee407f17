import type { Command } from '../command-line.ts';
import { wordOption } from '../read-option.ts';
import { denyTransaction } from './answer-transaction.ts';
import type { PhoneContext } from './phone-context.ts';

/** Denies one transaction without opening it. */
export const deny: Command<PhoneContext> = {
  about: 'deny one transaction without opening it',
  operand: 'ID',
  options: { reason: { type: 'string', value: 'WORD', about: 'not_me or cancelled' } },
  async run(phone, values, transactionId) {
    const reason = wordOption(values, 'reason', ['not_me', 'cancelled']);
    await denyTransaction(phone, transactionId, reason);
    return true;
  },
};
