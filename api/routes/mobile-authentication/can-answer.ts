import type { AuthenticationMethod } from '../../../workflows/domain/transaction.ts';
import type { EnrolledDevice } from '../../ports.ts';

const CAN_ANSWER: Readonly<Record<AuthenticationMethod, (device: EnrolledDevice) => boolean>> = {
  push: () => true,
  push_with_number: () => true,
  push_with_pin: ({ hasPin }) => hasPin,
  push_with_fingerprint: ({ hasPin, hasBiometricKey }) => hasPin || hasBiometricKey,
  push_with_custom_authenticator: ({ hasPin, hasCustomAuthenticator }) => hasPin || hasCustomAuthenticator,
};

/** True when this phone has what an answer by this method takes; a PIN stands in where the method allows it. */
export function canAnswer(device: EnrolledDevice, method: AuthenticationMethod): boolean {
  return CAN_ANSWER[method](device);
}
