import type { Command } from '../command-line.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';
import { providerFor } from './simulated-provider.ts';

/** Gets a push token from the simulated provider, the first one or another one, and tells the server. */
export const pushToken: Command<PhoneContext> = {
  about: 'get a new push token, and tell the server',
  options: { end: { type: 'boolean', about: 'no more pushes instead' } },
  async run(phone, values) {
    const { device } = await requireEnrolment(phone);
    const { client, output } = phone;
    if (values.end) {
      await client.endPush();
      output.event({ event: 'push_ended' }, `Pushes come to ${device.name} no more.`);
      return true;
    }
    await client.changePushToken(await providerFor(device.platform, phone.demo).register());
    output.event({ event: 'push_token_changed' }, `Pushes come to ${device.name} with a new token.`);
    return true;
  },
};
