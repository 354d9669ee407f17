import type { PushConfigurationStore, PushSender } from '../ports.ts';
import { createFcmHttpV1Client, type FcmClient } from './fcm-http-v1.ts';

/** A changed configuration is noticed this late at most. */
const CONFIGURATION_FRESH_MS = 1_000;

interface Entry {
  readonly version: number;
  readonly client: FcmClient;
  checkedAtMs: number;
}

/** Sends by whatever provider a push configuration names; each configuration has connections of its own. */
export function createPushSenders(
  configurations: PushConfigurationStore,
  timeoutMs: number,
): PushSender & { close(): Promise<void> } {
  const entries = new Map<string, Entry>();

  async function clientFor(id: string): Promise<FcmClient | undefined> {
    const entry = entries.get(id);
    if (entry && Date.now() - entry.checkedAtMs < CONFIGURATION_FRESH_MS) return entry.client;
    const configuration = await configurations.find(id);
    if (!configuration) return undefined;
    if (entry?.version === configuration.version) {
      entry.checkedAtMs = Date.now();
      return entry.client;
    }
    const client = createFcmHttpV1Client(configuration.settings, timeoutMs);
    entries.set(id, { version: configuration.version, client, checkedAtMs: Date.now() });
    await entry?.client.close();
    return client;
  }

  return {
    async send(pushConfigurationId, push) {
      const client = await clientFor(pushConfigurationId);
      return client ? client.send(push) : { ok: false, failure: 'misconfigured' };
    },
    async close() {
      await Promise.all([...entries.values()].map((entry) => entry.client.close()));
    },
  };
}
