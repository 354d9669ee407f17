/** What field names and resources are called, and what there is to say of them beyond their schema. */

const TITLES: Readonly<Record<string, string>> = {
  features: 'Features',
  'general-settings': 'General settings',
  'push-configurations': 'Push configurations',
  'sms-gateways': 'SMS gateways',
  'callback-addresses': 'Callback addresses',
  locales: 'Languages',
  translations: 'Translations',
  applications: 'Applications',
  'app-versions': 'App versions',
  'authentication-types': 'Authentication types',
  'api-clients': 'API clients',
  'onespan-domains': 'OneSpan domains',
};

const ABOUT: Readonly<Record<string, string>> = {
  features: 'What this installation does at all. Turning something off keeps its settings.',
  'general-settings': 'What holds for all applications: enrolment, push limits, SMS.',
  'push-configurations': 'How to reach a push provider.',
  'sms-gateways': 'What messages go out by: rank 1 first, rank 2 where that one can not send.',
  'callback-addresses': 'Addresses of portals, and what they are called back with.',
  locales: 'Languages that texts are kept in. English is the last resort.',
  translations: 'Texts by key and language.',
  applications: 'The mobile apps that users enrol with.',
  'app-versions': 'Versions of an app that are served. An application without any takes all.',
  'authentication-types': 'Kinds of transaction that portals may begin. A running one keeps what it began with.',
  'onespan-domains': 'Tenants of the OneSpan surface: how their users are asked.',
  'api-clients': 'Credentials of portals and operators, and what they are good for.',
};

const HINTS: Readonly<Record<string, string>> = {
  'applications.pinMaxAttempts': 'Wrong PINs in a row. 0: no limit of its own, the ceiling of the product stands.',
  'applications.customAuthenticator': 'The verifier: {"url": …, "secret": …}, or {"inProcess": true}.',
  'app-versions.pushConfiguration': 'In place of the one of the application.',
  'app-versions.useApnsDevelopmentEnvironment': 'For apps with device tokens of the development environment.',
  'app-versions.sendBadgeNumber': 'The number of pending transactions, on the icon of the app.',
  'authentication-types.fallback': 'What is done when a push can not be handed over. For push methods only.',
  'authentication-types.maxAttempts': 'Codes of an SMS that may be tried. 0: no limit of its own.',
  'authentication-types.smsSenderId': 'In place of the general one.',
  'authentication-types.webotpOriginHost': 'Host of the page that may read the code out of the message.',
  'authentication-types.defaultMessages': 'By language; English is the last resort.',
  'authentication-types.confirmationTemplates': 'By language, in place of the template for all types.',
  'callback-addresses.url': 'Matches the callback address of a transaction character for character.',
  'callback-addresses.username': 'For HTTP Basic, together with the password.',
  'callback-addresses.webhookSecret': 'whsec_ and the base64 of 24 to 64 random bytes.',
  'callback-addresses.previousWebhookSecret': 'While the other one takes its place: both sign.',
  'general-settings.smsDefaultNumber': 'Where there is no other sender, or the gateway refuses it.',
  'general-settings.smsAllowedCountries': 'Two capital letters each, such as NL. Without any: all countries.',
  'general-settings.onlyPreconfiguredCallbacks': 'Transactions with another callback address are refused.',
  'general-settings.pushBlockedByNotMe': 'Who says “it was not me” is asked no more until they are unlocked.',
  'push-configurations.settings': 'As JSON, of the shape of the provider. Checked before it is saved.',
  'sms-gateways.settings': 'As JSON, of the shape of the kind.',
  'api-clients.secret': 'Leave it empty: a secret is made, and shown once.',
  'api-clients.jwks': 'Public keys as a JWK Set, in place of a secret.',
};

/** Fields that name a document of another resource, and the field there. */
const REFERENCES: Readonly<Record<string, readonly [resource: string, field: string]>> = {
  'applications.androidPushConfiguration': ['push-configurations', 'name'],
  'applications.iosPushConfiguration': ['push-configurations', 'name'],
  'app-versions.application': ['applications', 'id'],
  'app-versions.pushConfiguration': ['push-configurations', 'name'],
  'translations.locale': ['locales', 'code'],
  'onespan-domains.applicationId': ['applications', 'id'],
  'onespan-domains.typeName': ['authentication-types', 'name'],
};

const SPELT: Readonly<Record<string, string>> = {
  sms: 'SMS',
  pgp: 'PGP',
  pin: 'PIN',
  url: 'URL',
  apns: 'APNs',
  ios: 'iOS',
  android: 'Android',
  jwks: 'public keys',
  webotp: 'WebOTP',
  otp: 'OTP',
  fcm: 'FCM',
  http: 'HTTP',
  rest: 'REST',
  os: 'OS',
};
const UNITS: readonly string[] = ['seconds', 'ms'];

export function titleOf(resource: string): string {
  return TITLES[resource] ?? capital(resource.replaceAll('-', ' '));
}

export function aboutOf(resource: string): string | undefined {
  return ABOUT[resource];
}

export function hintOf(resource: string, field: string): string | undefined {
  return HINTS[`${resource}.${field}`];
}

export function referenceOf(resource: string, field: string): readonly [resource: string, field: string] | undefined {
  return REFERENCES[`${resource}.${field}`];
}

/** `timeToLiveSeconds` as `Time to live (seconds)`. */
export function labelOf(field: string): string {
  const words = field
    .replace(/^(is|has)(?=[A-Z])/, '')
    .replaceAll(/([A-Z])/g, ' $1')
    .trim()
    .toLowerCase()
    .split(' ');
  const unit = UNITS.includes(words.at(-1) ?? '') ? words.pop() : undefined;
  return capital(words.map((word) => SPELT[word] ?? word).join(' ')) + (unit ? ` (${unit})` : '');
}

/** `push_with_pin` as `Push with PIN`. */
export function sayChoice(value: string): string {
  const words = value
    .replaceAll(/([a-z])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .split(/[_ ]/);
  return capital(words.map((word) => SPELT[word] ?? word).join(' '));
}

function capital(text: string): string {
  return text === SPELT.ios || text === SPELT.apns ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
