import type { PinChangeOutcome } from '../../../sdk/index.ts';
import type { Command } from '../command-line.ts';
import { requiredOption } from '../read-option.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';

const WORDS: Readonly<Record<PinChangeOutcome['status'], string>> = {
  changed: 'The PIN is changed.',
  changed_before: 'An earlier change had come through: its PIN counts. Nothing was changed now.',
  pin_wrong: 'The old PIN is wrong.',
  failed: 'The old PIN is wrong, and that was the last attempt: the phone must be enrolled anew.',
};

const EVENTS: Readonly<Record<PinChangeOutcome['status'], string>> = {
  changed: 'pin_changed',
  changed_before: 'pin_changed_before',
  pin_wrong: 'pin_wrong',
  failed: 'failed',
};

/** Changes the PIN of the phone's user. */
export const changePin: Command<PhoneContext> = {
  about: "change the PIN of the phone's user; the old one is proven to the server",
  options: {
    old: { type: 'string', value: 'PIN', about: 'the PIN so far' },
    new: { type: 'string', value: 'PIN', about: 'five to 32 digits, no simple sequence' },
  },
  async run(phone, values) {
    const [oldPin, newPin] = [requiredOption(values, 'old'), requiredOption(values, 'new')];
    await requireEnrolment(phone);
    const outcome = await phone.client.changePin(oldPin, newPin);
    const left = 'attemptsLeft' in outcome ? { attemptsLeft: outcome.attemptsLeft } : {};
    const words = 'attemptsLeft' in outcome ? ` Attempts left: ${outcome.attemptsLeft}.` : '';
    const event = EVENTS[outcome.status];
    phone.output.event({ event, ...left }, WORDS[outcome.status] + words);
    return outcome.status === 'changed';
  },
};
