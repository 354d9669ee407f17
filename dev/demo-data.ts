import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as newId } from 'uuid';
import type { PushProvider } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { seal, unseal } from '../runtime/sealing.ts';
import { type DemoTwilio, keepSmsGateway } from './demo-sms.ts';

/** Names of what the demonstration configures. */
export const DEMO = {
  clientId: 'demo-portal',
  applicationId: 'demo-app',
  pushConfiguration: 'demo-fcm',
  apnsConfiguration: 'demo-apns',
  /** Its users are named without it, too. */
  oneSpanDomain: 'demo',
  types: [
    { name: 'push', method: 'push' },
    { name: 'push-pin', method: 'push_with_pin' },
    { name: 'push-fingerprint', method: 'push_with_fingerprint' },
    { name: 'push-custom', method: 'push_with_custom_authenticator' },
    { name: 'push-number', method: 'push_with_number' },
    { name: 'push-signing', method: 'push', transaction_signing: true },
    { name: 'otp', method: 'otp' },
  ],
} as const;

const SCOPES = [
  'onegini_api_mobile_authentication',
  'onegini_api_user_registration',
  'onegini_api_end_user',
  'onegini_api_events',
  'onegini_api_admin',
  'countersign_onespan',
];
const FCM = { name: DEMO.pushConfiguration, platform: 'android', provider: 'fcm_http_v1' } as const;
const APNS = { name: DEMO.apnsConfiguration, platform: 'ios', provider: 'apns' } as const;
const SETTINGS_COLUMN = 'push_configurations.sealed_settings';
const VERIFIER_COLUMN = 'applications.sealed_custom_authenticator';

/** What the demonstration data depend on. */
export interface DemoData {
  readonly clientSecret: string;
  readonly fcm: {
    /** Text of the service account, as the Google console gives it. */
    readonly serviceAccountJson: string;
    /** Address of the service, without a slash at its end. */
    readonly endpoint: string;
  };
  /** Without it no SMS is sent. */
  readonly twilio?: DemoTwilio;
  /** JSON; without it iOS phones are reached by FCM too. */
  readonly apnsSettings?: string;
  /** Of the demo app's custom authenticator; without it there is none. */
  readonly verifier?: { readonly url: string; readonly secret: string };
  readonly keyring: Keyring;
}

/**
 * Configures one portal, one app and a type for each method. Safe to call at every start: the portal's secret, the push
 * configuration and the verifier are brought up to date; application and types stay as they are once they exist.
 */
export async function loadDemoData(
  knex: Knex,
  { clientSecret, fcm, apnsSettings, twilio, verifier, keyring }: DemoData,
): Promise<void> {
  await knex.transaction(async (transaction) => {
    await keepClient(transaction, clientSecret);
    const fcmSettings = JSON.stringify({
      serviceAccount: JSON.parse(fcm.serviceAccountJson),
      endpoint: fcm.endpoint,
    });
    const fcmId = await keepPushConfiguration(transaction, FCM, fcmSettings, keyring);
    const apnsId =
      apnsSettings === undefined ? fcmId : await keepPushConfiguration(transaction, APNS, apnsSettings, keyring);
    if (twilio) await keepSmsGateway(transaction, twilio, keyring);
    await transaction('applications')
      .insert({
        id: DEMO.applicationId,
        name: 'Demo app',
        android_push_configuration_id: fcmId,
        ios_push_configuration_id: apnsId,
      })
      .onConflict('id')
      .ignore();
    // Data from before there was a simulated APNs.
    await transaction('applications')
      .where({ id: DEMO.applicationId, ios_push_configuration_id: fcmId })
      .update({ ios_push_configuration_id: apnsId });
    if (verifier) await keepVerifier(transaction, verifier, keyring);
    await transaction('authentication_types')
      .insert(
        DEMO.types.map(({ name, ...type }) => ({
          name,
          time_to_live_seconds: 120,
          max_resends: 2,
          default_messages: JSON.stringify({ en: 'Is this you? Please confirm.' }),
          ...type,
        })),
      )
      .onConflict('name')
      .ignore();
    await keepOneSpanDomain(transaction);
  });
}

async function keepOneSpanDomain(transaction: Knex.Transaction): Promise<void> {
  const keywords = [
    { keyword: 'push', method: 'push' },
    { keyword: 'NoPIN', method: 'push' },
    { keyword: 'PIN', method: 'push_with_pin' },
    { keyword: 'Fingerprint', method: 'push_with_fingerprint' },
  ];
  await transaction('onespan_domains')
    .insert({
      name: DEMO.oneSpanDomain,
      is_default: true,
      application_id: DEMO.applicationId,
      type_name: 'push',
      client_ids: [],
      request_method: 'Default',
      keywords: JSON.stringify(keywords),
      transaction_method: 'push',
      timeout_seconds: 60,
      challenge_seconds: 180,
      password_max_attempts: 5,
      login_title: 'Login Request',
      login_subject: 'Tap here to log in',
      login_text: 'Do you want to log in to the demo bank?',
      transaction_title: 'Transaction Request',
      transaction_subject: 'Tap here to confirm transaction',
    })
    .onConflict('name')
    .ignore();
}

async function keepClient(transaction: Knex.Transaction, secret: string): Promise<void> {
  const secretSha256 = createHash('sha256').update(secret).digest();
  await transaction('api_clients')
    .insert({ id: DEMO.clientId, name: 'Demo portal', secret_sha256: secretSha256, scopes: SCOPES })
    .onConflict('id')
    .merge(['secret_sha256', 'scopes']);
}

/** Its port may be another one at each start. One that was put in its place by hand stays. */
async function keepVerifier(
  transaction: Knex.Transaction,
  verifier: NonNullable<DemoData['verifier']>,
  keyring: Keyring,
): Promise<void> {
  const id = DEMO.applicationId;
  const kept = await transaction('applications').where({ id }).forUpdate().first();
  const sealedBefore: string | null = kept.sealed_custom_authenticator;
  const before = sealedBefore === null ? undefined : openOrNothing(keyring, VERIFIER_COLUMN, id, sealedBefore);
  if (before !== undefined && !/^\{"url":"http:\/\/127\.0\.0\.1:\d+\/verify"/.test(before)) return;
  const { url, secret } = verifier;
  const sealed = seal(keyring, VERIFIER_COLUMN, id, JSON.stringify({ url, secret }));
  await transaction('applications').where({ id }).update({ sealed_custom_authenticator: sealed });
}

/** Writes, and counts the version up, only where something changed: senders that know the version need no new start. */
async function keepPushConfiguration(
  transaction: Knex.Transaction,
  configuration: { readonly name: string; readonly platform: string; readonly provider: PushProvider },
  settings: string,
  keyring: Keyring,
): Promise<string> {
  const { name } = configuration;
  const kept = await transaction('push_configurations').where({ name }).forUpdate().first();
  if (!kept) {
    const id = newId();
    await transaction('push_configurations').insert({
      id,
      ...configuration,
      sealed_settings: seal(keyring, SETTINGS_COLUMN, id, settings),
    });
    return id;
  }
  if (openOrNothing(keyring, SETTINGS_COLUMN, kept.id, kept.sealed_settings) !== settings) {
    await transaction('push_configurations')
      .where({ id: kept.id })
      .update({
        sealed_settings: seal(keyring, SETTINGS_COLUMN, kept.id, settings),
        version: transaction.raw('version + 1'),
      });
  }
  return kept.id;
}

/** Settings under a key that is no longer configured are of no use to anyone, and are written anew. */
function openOrNothing(keyring: Keyring, column: string, id: string, sealed: string): string | undefined {
  try {
    return unseal(keyring, column, id, sealed);
  } catch {
    return undefined;
  }
}
