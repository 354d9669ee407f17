import type { Command } from '../command-line.ts';
import type { PortalContext } from './portal-context.ts';

/** Sends the push of a transaction again. */
export const resend: Command<PortalContext> = {
  about: 'send the push of a transaction again',
  operand: 'ID',
  async run({ api, output }, _values, transactionId) {
    const { user_id } = await api.result(transactionId);
    await api.resend(user_id, transactionId);
    output.event({ event: 'resent', transaction_id: transactionId }, 'Sent again.');
    return true;
  },
};
