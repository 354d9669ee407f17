import type { AuthenticationMethod } from './transaction.ts';

/** What an installation does at all. What is off keeps its settings, and is as if they were not there. */
export interface Features {
  readonly mobileAuthentication: boolean;
  readonly transactionSigning: boolean;
  readonly geolocation: boolean;
  readonly customAuthenticators: boolean;
  readonly pushAuthorization: boolean;
}

/** True when users may be asked by this method at all. */
export function isMethodOn(method: AuthenticationMethod, features: Features): boolean {
  if (method === 'push_with_custom_authenticator' && !features.customAuthenticators) return false;
  return features.pushAuthorization || !method.startsWith('push');
}
