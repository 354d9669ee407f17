import type { Command } from '../command-line.ts';
import type { PortalContext } from './portal-context.ts';
import { reportResult } from './report-result.ts';

/** Cancels a transaction; one that has ended stays as it ended. */
export const cancel: Command<PortalContext> = {
  about: 'cancel a transaction; one that has ended stays as it is',
  operand: 'ID',
  async run({ api, output }, _values, transactionId) {
    await api.cancel(transactionId);
    const after = await api.result(transactionId);
    if (after.status === 'cancelled') {
      output.event({ event: 'cancelled', transaction_id: transactionId }, 'Cancelled.');
      return true;
    }
    if (after.status === 'pending') {
      output.event(
        { event: 'recorded', transaction_id: transactionId },
        'The cancellation is safe on the server and takes effect as soon as it can.',
      );
      return true;
    }
    output.note('It had ended before.');
    reportResult(output, after);
    return false;
  },
};
