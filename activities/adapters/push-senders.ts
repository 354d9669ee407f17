import { ZodError } from 'zod';
import type { PushConfiguration, PushConfigurationStore, PushSender } from '../ports.ts';
import { createFcmHttpV1Client, type FcmClient } from './fcm-http-v1.ts';

/** A changed configuration is noticed this late at most. */
const CONFIGURATION_FRESH_MS = 1_000;

interface Entry {
  readonly version: number;
  readonly client: FcmClient;
}

/** Sends by whatever provider a push configuration names; each configuration has connections of its own. */
export function createPushSenders(
  configurations: PushConfigurationStore,
  timeoutMs: number,
): PushSender & { close(): Promise<void> } {
  const entries = new Map<string, { readonly checkedAtMs: number; readonly entry: Promise<Entry | undefined> }>();

  /** Pushes that come at once share one look at the configuration, and so one client and its access token. */
  function entryOf(id: string): Promise<Entry | undefined> {
    const known = entries.get(id);
    if (known && Date.now() - known.checkedAtMs < CONFIGURATION_FRESH_MS) return known.entry;
    const entry = refresh(id, known?.entry);
    entries.set(id, { checkedAtMs: Date.now(), entry });
    // What is not there, or could not be read, is asked for anew.
    entry.then(
      (found) => found ?? entries.delete(id),
      () => entries.delete(id),
    );
    return entry;
  }

  async function refresh(id: string, previous: Promise<Entry | undefined> | undefined): Promise<Entry | undefined> {
    const [old, configuration] = await Promise.all([previous?.catch(() => undefined), configurations.find(id)]);
    if (configuration && old?.version === configuration.version) return old;
    // Pushes that are under way on it come to their end; nobody waits for them here.
    void old?.client.close();
    const client = configuration && clientFor(configuration);
    return configuration && client && { version: configuration.version, client };
  }

  /** Undefined for settings that are not the provider's: a fault of the configuration, not of the push. */
  function clientFor({ settings }: PushConfiguration): FcmClient | undefined {
    try {
      return createFcmHttpV1Client(settings, timeoutMs);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof ZodError) return undefined;
      throw error;
    }
  }

  return {
    async send(pushConfigurationId, push) {
      const entry = await entryOf(pushConfigurationId);
      return entry ? entry.client.send(push) : { ok: false, failure: 'misconfigured' };
    },
    async close() {
      const open = await Promise.allSettled([...entries.values()].map(({ entry }) => entry));
      await Promise.all(open.map((result) => result.status === 'fulfilled' && result.value?.client.close()));
    },
  };
}
