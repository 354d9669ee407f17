import type { Command } from '../command-line.ts';
import { CommandError } from '../failures.ts';
import type { PortalContext } from './portal-context.ts';

/** Sends the SMS of a transaction again, with the same code. */
export const smsResend: Command<PortalContext> = {
  about: 'send the SMS of a transaction again',
  operand: 'ID',
  async run({ api, output }, _values, transactionId) {
    const { user_id } = await api.result(transactionId);
    if (user_id === undefined) throw new CommandError('Nobody was asked by SMS in this transaction.');
    await api.resend(user_id, transactionId, 'sms');
    output.event({ event: 'resent', transaction_id: transactionId }, 'Sent again.');
    return true;
  },
};
