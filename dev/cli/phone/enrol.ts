import { localError } from '../../../sdk/errors.ts';
import type { Command } from '../command-line.ts';
import { aligned } from '../output.ts';
import { createPortalApi } from '../portal-api.ts';
import { requiredOption, textOption, wordOption } from '../read-option.ts';
import type { PhoneContext } from './phone-context.ts';
import { providerFor } from './simulated-provider.ts';

/** Binds this phone to a user, with a ticket that the demonstration's portal makes. */
export const enrol: Command<PhoneContext> = {
  about: 'bind this phone to a user',
  options: {
    user: { type: 'string', value: 'NAME', about: 'the user' },
    name: { type: 'string', value: 'TEXT', about: 'name of the phone; "NAME\'s phone" by default' },
    platform: { type: 'string', value: 'WORD', about: 'android (default) or ios' },
    'without-push': { type: 'boolean', about: 'keys only; `push-token` may follow' },
  },
  async run(phone, values) {
    const user = requiredOption(values, 'user');
    const name = textOption(values, 'name') ?? `${user}'s phone`;
    const platform = wordOption(values, 'platform', ['android', 'ios']) ?? 'android';
    const { client, output, storePath } = phone;
    // Asked before the ticket is made: a ticket for nothing would lie about.
    const existing = await client.enrolment();
    if (existing) {
      const message = `${storePath} holds the phone of ${existing.userId} already; --store FILE makes another phone.`;
      throw localError('already_enrolled_here', message);
    }
    const { demo, serverUrl } = phone;
    const ticket = await createPortalApi(serverUrl, demo.client).makeTicket(user, demo.application);
    const forPush = !values['without-push'] && { pushToken: await providerFor(platform, demo).register() };
    const enrolment = await client.enrol({ ticket, device: { name, platform }, ...forPush });
    const { enrolmentId, userId, applicationId, deviceId } = enrolment;
    output.event(
      { event: 'enrolled', enrolmentId, userId, applicationId, deviceId, device: enrolment.device, store: storePath },
      `Enrolled: ${name} (${platform}) now answers for ${userId}.`,
      ...aligned({ application: applicationId, device: deviceId, enrolment: enrolmentId, 'kept in': storePath }),
      `Next: npm run phone -- ${forPush ? 'listen' : 'push-token'}`,
    );
    return true;
  },
};
