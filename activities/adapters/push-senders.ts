import { ZodError } from 'zod';
import type { PushConfiguration, PushConfigurationStore, PushSender } from '../ports.ts';
import { CONNECTION_ANSWERS } from './connection-answers.ts';
import { giveUpAfter } from './give-up-after.ts';
import { refusalFrom } from './provider-answer.ts';
import type { PushClient, PushClientDependencies } from './push-client.ts';
import { PUSH_PROVIDERS } from './push-providers.ts';

/** A changed configuration is noticed this late at most. */
const CONFIGURATION_FRESH_MS = 1_000;
/** Of one configuration; as many more would only wait for their deadline. */
const MAX_UNDER_WAY = 2_000;

interface Entry {
  readonly version: number;
  readonly client: PushClient;
  /** Pushes under way, those included that nobody waits for any more. */
  underWay: number;
}

/** Sends by whatever provider a push configuration names; each configuration has connections of its own. */
export function createPushSenders(
  configurations: PushConfigurationStore,
  dependencies: PushClientDependencies,
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
    return configuration && client && { version: configuration.version, client, underWay: 0 };
  }

  /** Undefined for settings that are not the provider's: a fault of the configuration, not of the push. */
  function clientFor({ provider, settings }: PushConfiguration): PushClient | undefined {
    try {
      return PUSH_PROVIDERS[provider].createClient(settings, dependencies);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof ZodError) return undefined;
      throw error;
    }
  }

  return {
    async send(pushConfigurationId, push, attempt) {
      const entry = pushConfigurationId === null ? undefined : await entryOf(pushConfigurationId);
      if (!entry) return refusalFrom(CONNECTION_ANSWERS, 'no_usable_settings');
      if (entry.underWay >= MAX_UNDER_WAY) return refusalFrom(CONNECTION_ANSWERS, 'too_many_under_way');
      entry.underWay += 1;
      const sending = entry.client.send(push, attempt).finally(() => {
        entry.underWay -= 1;
      });
      return giveUpAfter(attempt.withinMs, sending);
    },
    async close() {
      const open = await Promise.allSettled([...entries.values()].map(({ entry }) => entry));
      await Promise.all(open.map((result) => result.status === 'fulfilled' && result.value?.client.close()));
    },
  };
}
