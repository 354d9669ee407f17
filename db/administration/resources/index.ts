import type { ResourceDeclaration } from '../declaration.ts';
import { apiClients } from './api-clients.ts';
import { appVersions } from './app-versions.ts';
import { applications } from './applications.ts';
import { authenticationTypes } from './authentication-types.ts';
import { callbackAddresses } from './callback-addresses.ts';
import { features } from './features.ts';
import { generalSettings } from './general-settings.ts';
import { locales } from './locales.ts';
import { oneSpanDomains } from './onespan-domains.ts';
import { pushConfigurations } from './push-configurations.ts';
import { smsGateways } from './sms-gateways.ts';
import { translations } from './translations.ts';

/** In the order in which they may refer to each other: what is referred to comes first. */
export const RESOURCES: readonly ResourceDeclaration[] = [
  features,
  generalSettings,
  pushConfigurations,
  smsGateways,
  callbackAddresses,
  locales,
  translations,
  applications,
  appVersions,
  authenticationTypes,
  apiClients,
];

/** What a configuration file may speak of: domains of the OneSpan surface too, which have routes of their own. */
export const FILE_RESOURCES: readonly ResourceDeclaration[] = [...RESOURCES, oneSpanDomains];
