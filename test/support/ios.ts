import { loadDemoData } from '../../dev/demo-data.ts';
import { createDeviceClient, createMemoryStore } from '../../sdk/index.ts';
import { type SimulatedApns, startSimulatedApns } from '../adapters/simulated-apns.ts';
import type { Phone, Stack } from './stack.ts';

/** iPhones on a stack, and the APNs that reaches them. */
export interface Ios {
  readonly apns: SimulatedApns;
  /** An enrolled iPhone with the demo app, which got its device token in this environment. */
  enrolPhone(userId: string, app?: IosApp): Promise<Phone>;
}

export interface IosApp {
  readonly version?: string;
  readonly bundleId?: string;
  readonly environment?: 'production' | 'development';
}

/** Gives the demo application an iOS push configuration, which leads to a simulated APNs of its own. */
export async function addIos(stack: Stack): Promise<Ios> {
  const apns = await startSimulatedApns();
  await loadDemoData(stack.database.knex, {
    clientSecret: stack.portal.credentials.secret,
    keyring: stack.keyring,
    fcm: { serviceAccountJson: JSON.stringify(stack.fcm.serviceAccount), endpoint: stack.fcm.url },
    apnsSettings: apns.settings(),
  });
  return {
    apns,
    async enrolPhone(userId, { version, bundleId = 'demo-app', environment } = {}) {
      const ticket = await stack.portal.ticket(userId);
      const pushToken = await apns.register(bundleId, environment);
      const store = createMemoryStore();
      const appVersion = version === undefined ? {} : { appVersion: version };
      const client = createDeviceClient({ serverUrl: stack.apiUrl, store, ...appVersion });
      const device = { name: `iPhone of ${userId}`, platform: 'ios' } as const;
      await client.enrol({ ticket: ticket.body, device, pushToken });
      const deviceId = (await store.load())?.deviceId as string;
      return { userId, deviceId, pushToken, client, store };
    },
  };
}
