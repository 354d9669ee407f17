import type { Command } from '../command-line.ts';
import { aligned } from '../output.ts';
import { requiredOption, textOption } from '../read-option.ts';
import type { PortalContext } from './portal-context.ts';

/** Begins a transaction by SMS; the code that arrives is brought back by `verify`. */
export const sms: Command<PortalContext> = {
  about: 'ask a user by a code that goes out by SMS',
  options: {
    user: { type: 'string', value: 'NAME', about: 'the user to ask' },
    number: { type: 'string', value: 'NUMBER', about: 'phone number, such as +31612345678' },
    type: { type: 'string', value: 'NAME', about: 'type of the transaction; sms by default' },
    message: { type: 'string', value: 'TEXT', about: 'what the SMS says; {code} stands for the code' },
  },
  async run({ api, output }, values) {
    const userId = requiredOption(values, 'user');
    const phoneNumber = requiredOption(values, 'number');
    const message = textOption(values, 'message');
    const begun = await api.begin({
      ...{ type: textOption(values, 'type') ?? 'sms', userId, phoneNumber },
      ...(message !== undefined && { message }),
    });
    output.event(
      { event: 'begun', ...begun },
      `Sent to ${phoneNumber}.`,
      ...aligned({ transaction: begun.transaction_id, 'valid for': `${Math.round(begun.time_to_live / 1_000)} s` }),
      `Read it: npm run phone -- sms --to ${phoneNumber}`,
      `Then:    npm run portal -- verify ${begun.transaction_id} --code CODE`,
    );
    return true;
  },
};
