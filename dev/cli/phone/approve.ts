import { DeviceError } from '../../../sdk/index.ts';
import type { Command } from '../command-line.ts';
import { approveChallenge, reportAnswer, showChallenge } from './answer-transaction.ts';
import type { PhoneContext } from './phone-context.ts';

/** Shows one transaction and approves it. Given again, it tells what became of the approval. */
export const approve: Command<PhoneContext> = {
  about: 'show one transaction and approve it',
  operand: 'ID',
  async run(phone, _values, transactionId) {
    try {
      const challenge = await phone.client.fetchChallenge(transactionId);
      showChallenge(phone, challenge);
      await approveChallenge(phone, challenge);
    } catch (error) {
      if (!(error instanceof DeviceError && error.code === 'transaction_already_settled')) throw error;
      // Perhaps by this phone's own approval, whose reply was lost or came as "recorded".
      const outcome = await phone.client.repeatApproval(transactionId);
      if (!outcome) throw error;
      reportAnswer(phone, transactionId, 'approve', outcome);
    }
    return true;
  },
};
