import type { PushProvider } from '../ports.ts';
import { createApnsClient } from './apns-client.ts';
import { checkApnsSettings } from './apns-settings.ts';
import { createFcmHttpV1Client } from './fcm-http-v1.ts';
import { createFcmLegacyClient } from './fcm-legacy.ts';
import { checkFcmHttpV1Settings, checkFcmLegacySettings } from './fcm-settings.ts';
import type { PushProviderAdapter, SettingsCheck } from './push-client.ts';

/** Every provider there is: one row each. */
export const PUSH_PROVIDERS: Readonly<Record<PushProvider, PushProviderAdapter>> = {
  fcm_http_v1: { createClient: createFcmHttpV1Client, checkSettings: checkFcmHttpV1Settings },
  fcm_legacy: { createClient: createFcmLegacyClient, checkSettings: checkFcmLegacySettings },
  apns: { createClient: createApnsClient, checkSettings: checkApnsSettings },
};

/**
 * Whether a push configuration with these settings could be used: their form, and that keys are keys. Says what is wrong
 * by the names of fields, never by their values. Pure: whether the provider takes the credentials only it can say.
 */
export function checkPushSettings(provider: PushProvider, settings: unknown): SettingsCheck {
  return PUSH_PROVIDERS[provider].checkSettings(settings);
}
