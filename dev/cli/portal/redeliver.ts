import type { Command } from '../command-line.ts';
import type { PortalContext } from './portal-context.ts';

/** Asks for the callback of a transaction once more. */
export const redeliver: Command<PortalContext> = {
  about: 'ask for the callback of a transaction once more',
  operand: 'ID',
  async run({ api, output }, _values, transactionId) {
    const { delivery } = await api.redeliver(transactionId);
    output.event(
      { event: 'redelivering', transaction_id: transactionId, delivery },
      `Redelivery ${delivery} is under way.`,
    );
    return true;
  },
};
