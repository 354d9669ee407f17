import { type ApprovalInput, DeviceError } from '../../../sdk/index.ts';
import type { Command, OptionValues } from '../command-line.ts';
import { textOption } from '../read-option.ts';
import { approveChallenge, reportAnswer, showChallenge } from './answer-transaction.ts';
import type { PhoneContext } from './phone-context.ts';

/** Shows one transaction and approves it. Given again, it tells what became of the approval. */
export const approve: Command<PhoneContext> = {
  about: 'show one transaction and approve it',
  operand: 'ID',
  options: {
    pin: { type: 'string', value: 'PIN', about: 'for a type that asks for the PIN' },
    biometric: { type: 'boolean', about: 'for a type that takes the fingerprint' },
    custom: { type: 'string', value: 'TEXT', about: 'for a type with a custom authenticator' },
    number: { type: 'string', value: 'N', about: 'for a type that asks for the number the portal shows' },
  },
  async run(phone, values, transactionId) {
    try {
      const challenge = await phone.client.fetchChallenge(transactionId);
      showChallenge(phone, challenge);
      return await approveChallenge(phone, challenge, readInput(values));
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

function readInput(values: OptionValues): ApprovalInput {
  const [pin, number, custom] = ['pin', 'number', 'custom'].map((name) => textOption(values, name));
  return {
    ...(pin && { pin }),
    ...(number && { number }),
    ...(custom && { custom }),
    ...(values.biometric === true && { biometric: true }),
  };
}
