import type { Knex } from 'knex';
import { v7 as newId } from 'uuid';
import type { Keyring } from '../runtime/keyring.ts';
import { seal, unseal } from '../runtime/sealing.ts';
import type { TwilioAccount } from './twilio-simulator/twilio-account.ts';

/** The simulated Twilio of the demonstration. */
export interface DemoTwilio {
  readonly account: TwilioAccount;
  /** Address of the service, without a slash at its end. */
  readonly endpoint: string;
}

/** Types of the demonstration that need a gateway. */
export const DEMO_SMS_TYPES = [
  { name: 'sms', method: 'sms', message: 'Your code for the demo bank is {code}.' },
  { name: 'push-sms', method: 'push', fallback: 'sms', message: 'Is this you? Please confirm.' },
] as const;

const NAME = 'demo-twilio';
const COLUMN = 'sms_gateways.sealed_settings';

/**
 * Leads SMS to the simulated Twilio. The first time it also switches SMS on, with the account's number for a sender;
 * afterwards only what has changed is written, and the version counted up. Types stay as they are once they exist.
 */
export async function keepSmsGateway(
  transaction: Knex.Transaction,
  { account, endpoint }: DemoTwilio,
  keyring: Keyring,
): Promise<void> {
  const { accountSid, authToken } = account;
  await transaction('authentication_types')
    .insert(
      DEMO_SMS_TYPES.map(({ message, ...type }) => ({
        ...{ fallback: 'none', time_to_live_seconds: 120, max_resends: 2 },
        ...{ default_messages: JSON.stringify({ en: message }), ...type },
      })),
    )
    .onConflict('name')
    .ignore();
  const settings = JSON.stringify({ accountSid, authToken, endpoint });
  const kept = await transaction('sms_gateways').where({ name: NAME }).forUpdate().first();
  if (!kept) {
    const taken = await transaction('sms_gateways').where({ rank: 1 }).first();
    // Whoever has set up a gateway of their own keeps it.
    if (taken) return;
    const id = newId();
    const sealed_settings = seal(keyring, COLUMN, id, settings);
    await transaction('sms_gateways').insert({ id, name: NAME, kind: 'twilio', rank: 1, sealed_settings });
    await transaction('general_settings').update({
      sms_authentication_enabled: true,
      sms_default_number: account.numbers[0],
    });
    return;
  }
  if (openOrNothing(keyring, kept.id, kept.sealed_settings) === settings) return;
  await transaction('sms_gateways')
    .where({ id: kept.id })
    .update({ sealed_settings: seal(keyring, COLUMN, kept.id, settings), version: transaction.raw('version + 1') });
}

/** Settings under a key that is no longer configured are of no use to anyone, and are written anew. */
function openOrNothing(keyring: Keyring, id: string, sealed: string): string | undefined {
  try {
    return unseal(keyring, COLUMN, id, sealed);
  } catch {
    return undefined;
  }
}
