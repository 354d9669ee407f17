import type { Command } from '../command-line.ts';
import { CommandError } from '../failures.ts';
import type { PortalContext } from './portal-context.ts';

/** Sends the push or the SMS of a transaction again. */
export const resend: Command<PortalContext> = {
  about: 'send the push or the SMS of a transaction again',
  operand: 'ID',
  async run({ api, output }, _values, transactionId) {
    const { user_id, authentication_method } = await api.result(transactionId);
    if (user_id === undefined) throw new CommandError('A code is not sent, so it can not be sent again.');
    await api.resend(user_id, transactionId, authentication_method === 'sms' ? 'sms' : 'push');
    output.event({ event: 'resent', transaction_id: transactionId }, 'Sent again.');
    return true;
  },
};
