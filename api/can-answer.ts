import { type Features, isMethodOn } from '../workflows/domain/features.ts';
import type { AuthenticationMethod } from '../workflows/domain/transaction.ts';
import type { EnrolledDevice } from './ports.ts';

const CAN_ANSWER: Readonly<Record<AuthenticationMethod, (device: EnrolledDevice) => boolean>> = {
  push: ({ hasPushToken }) => hasPushToken,
  push_with_number: ({ hasPushToken }) => hasPushToken,
  push_with_pin: ({ hasPushToken, hasPin }) => hasPushToken && hasPin,
  push_with_fingerprint: ({ hasPushToken, hasPin, hasBiometricKey }) => hasPushToken && (hasPin || hasBiometricKey),
  push_with_custom_authenticator: ({ hasPushToken, hasPin, hasCustomAuthenticator }) =>
    hasPushToken && (hasPin || hasCustomAuthenticator),
  otp: () => true,
  // Asks no phone of ours.
  sms: () => false,
};

/** True when the method is on, and this phone can be asked and has what an answer by it takes; a PIN stands in where the method allows it. */
export function canAnswer(device: EnrolledDevice, method: AuthenticationMethod, features: Features): boolean {
  return isMethodOn(method, features) && CAN_ANSWER[method](device);
}
