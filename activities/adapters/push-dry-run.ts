import { ZodError } from 'zod';
import type { PushConfiguration, PushFailure, PushReceipt } from '../ports.ts';
import { CONNECTION_ANSWERS } from './connection-answers.ts';
import { giveUpAfter } from './give-up-after.ts';
import { refusalFrom } from './provider-answer.ts';
import type { PushClient, PushClientDependencies } from './push-client.ts';
import { PUSH_PROVIDERS } from './push-providers.ts';

/** Each holds connections of its own for as long as it lasts. */
const MAX_AT_ONCE = 8;

/** What a provider said of a push configuration. */
export type PushDryRunReport =
  | { readonly result: 'accepted'; readonly providerMessageId: string }
  | { readonly result: 'refused'; readonly failure: PushFailure; readonly providerCode?: string }
  /** The provider can not check without sending. */
  | { readonly result: 'unsupported' };

/**
 * Has providers check push configurations, and push tokens, without sending anything: on connections and with access
 * tokens of its own, so that what is found out is true of now. Resolves to `busy` when too many are under way.
 */
export function createPushDryRun(dependencies: PushClientDependencies) {
  let underWay = 0;

  async function ask(client: PushClient, pushToken: string | undefined): Promise<PushDryRunReport> {
    const { timeoutMs } = dependencies;
    if (!client.dryRun) return { result: 'unsupported' };
    return reportOf(await giveUpAfter(timeoutMs, client.dryRun(pushToken, timeoutMs)));
  }

  return async (
    configuration: PushConfiguration,
    pushToken: string | undefined,
  ): Promise<PushDryRunReport | 'busy'> => {
    if (underWay >= MAX_AT_ONCE) return 'busy';
    underWay += 1;
    try {
      const client = PUSH_PROVIDERS[configuration.provider].createClient(configuration.settings, dependencies);
      try {
        return await ask(client, pushToken);
      } finally {
        // Nobody waits for connections that are on their way out.
        void client.close();
      }
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof ZodError)) throw error;
      return reportOf(refusalFrom(CONNECTION_ANSWERS, 'no_usable_settings'));
    } finally {
      underWay -= 1;
    }
  };
}

function reportOf(receipt: PushReceipt): PushDryRunReport {
  if (receipt.ok) return { result: 'accepted', providerMessageId: receipt.providerMessageId };
  const { failure, providerCode } = receipt;
  return { result: 'refused', failure, ...(providerCode !== undefined && { providerCode }) };
}
