import type { Command } from '../command-line.ts';
import { aligned } from '../output.ts';
import type { PhoneContext } from './phone-context.ts';

/** Shows what waits for this phone's answer. */
export const listPending: Command<PhoneContext> = {
  about: 'list what waits for an answer, newest first',
  async run({ client, output }) {
    const transactions = await client.pending();
    for (const transaction of transactions) {
      const { transactionId, message, sentAt, expiresAt } = transaction;
      output.event(
        { event: 'pending', ...transaction },
        message,
        ...aligned({
          transaction: transactionId,
          sent: new Date(sentAt).toLocaleTimeString(),
          'answer by': new Date(expiresAt).toLocaleTimeString(),
        }),
      );
    }
    if (transactions.length === 0) output.note('Nothing waits for an answer.');
    return true;
  },
};
