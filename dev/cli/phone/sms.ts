import type { Command } from '../command-line.ts';
import { httpCall } from '../http-call.ts';
import { aligned } from '../output.ts';
import { textOption } from '../read-option.ts';
import type { PhoneContext } from './phone-context.ts';

const TIMEOUT_MS = 10_000;
/** How long `--wait` waits. */
const WAIT_SECONDS = 20;

interface SentMessage {
  readonly id: string;
  readonly receivedAt: string;
  readonly to: string;
  readonly from: string | null;
  readonly body: string;
  readonly status: string;
}

/** Shows what the simulated Twilio has sent, oldest first. */
export const sms: Command<PhoneContext> = {
  about: 'list the SMS that were sent, oldest first',
  options: {
    to: { type: 'string', value: 'NUMBER', about: 'only those to this number, such as +31612345678' },
    wait: { type: 'boolean', about: 'wait up to 20 s for one where there is none' },
  },
  async run({ demo, output }, values) {
    const to = textOption(values, 'to');
    const waitSeconds = values.wait ? WAIT_SECONDS : 0;
    const query = new URLSearchParams({ waitSeconds: String(waitSeconds), ...(to !== undefined && { to }) });
    const reply = await httpCall(`${demo.twilio}/simulator/messages?${query}`, {
      method: 'GET',
      timeoutMs: waitSeconds * 1_000 + TIMEOUT_MS,
    });
    const { messages } = reply as { messages: readonly SentMessage[] };
    for (const { id, receivedAt, to: number, from, body, status } of messages) {
      output.event(
        { event: 'sms', id, to: number, from, body, status, receivedAt },
        body,
        ...aligned({ to: number, from: from ?? undefined, sent: new Date(receivedAt).toLocaleTimeString(), status }),
      );
    }
    if (messages.length === 0) output.note('No SMS was sent.');
    return messages.length > 0 || !values.wait;
  },
};
