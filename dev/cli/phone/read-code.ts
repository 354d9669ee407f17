import type { CodeChallenge } from '../../../sdk/index.ts';
import type { Command } from '../command-line.ts';
import { aligned } from '../output.ts';
import { approveChallenge, showChallenge } from './answer-transaction.ts';
import type { PhoneContext } from './phone-context.ts';

/** Reads what a portal of the OneSpan way shows: a picture's message, or digits; tells the code to type there. */
export const readCode: Command<PhoneContext> = {
  about: 'read the message or the digits of a challenge, and tell the code to type',
  operand: 'TEXT',
  options: {},
  async run(phone, _values, text) {
    const transactionId = phone.client.transactionOfMessage(text);
    if (transactionId !== undefined) {
      const challenge = await phone.client.fetchChallenge(transactionId);
      showChallenge(phone, challenge);
      return approveChallenge(phone, challenge);
    }
    const isTyped = /^\d{1,17}$/.test(text);
    tell(phone, await (isTyped ? phone.client.codeForDigits(text) : phone.client.readVisualChallenge(text)));
    return true;
  },
};

function tell({ output }: PhoneContext, { message, expiresAt, otp }: CodeChallenge): void {
  output.event(
    { event: 'code', message, expiresAt, otp },
    `  “${message}”`,
    ...aligned({ code: otp, 'type it by': new Date(expiresAt).toLocaleTimeString() }),
  );
}
