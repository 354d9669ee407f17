import { createDeviceClient, createMemoryStore, type DeviceClientOptions } from '../../sdk/index.ts';
import type { DeviceServer } from './device-server.ts';

export const TICKET = { reference: 'b6c7b1a4-7c5a-4d8e-9a56-0d6a4f3f8a01', secret: 'good' };
export const ENROL = {
  ticket: TICKET,
  device: { name: "Alice's phone", platform: 'android' },
  pushToken: 'token',
} as const;

/** A client whose waits pass at once and are written down; its clock stands still between them. */
export function createPhone(server: Pick<DeviceServer, 'url'>, options: Partial<DeviceClientOptions> = {}) {
  const store = options.store ?? createMemoryStore();
  const waitedMs: number[] = [];
  let nowMs = Date.now();
  const client = createDeviceClient({
    serverUrl: server.url,
    store,
    now: () => nowMs,
    async wait(ms) {
      waitedMs.push(ms);
      nowMs += ms;
    },
    ...options,
  });
  return { client, store, waitedMs };
}

/** The same, enrolled. */
export async function enrolPhone(server: DeviceServer, options: Partial<DeviceClientOptions> = {}) {
  const phone = createPhone(server, options);
  await phone.client.enrol(ENROL);
  return phone;
}
