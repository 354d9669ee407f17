import type { Command } from '../command-line.ts';
import { CommandError } from '../failures.ts';
import type { PortalContext } from './portal-context.ts';

/** Brings the code of an SMS back, as the user has typed it. */
export const smsVerify: Command<PortalContext> = {
  about: 'bring back the code of an SMS',
  operand: 'ID CODE',
  async run({ api, output }, _values, transactionId, code) {
    const { user_id } = await api.result(transactionId);
    if (user_id === undefined) throw new CommandError('Nobody was asked by SMS in this transaction.');
    await api.verifySms(user_id, transactionId, code);
    output.event({ event: 'authenticated', transaction_id: transactionId }, `Authenticated: ${user_id}.`);
    return true;
  },
};
