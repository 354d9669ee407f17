/** The device client: what an app on a phone needs of Countersign. Runs in Node and in browsers. */
export type {
  Challenge,
  CodeChallenge,
  Decision,
  DenialReason,
  EnrolmentTicket,
  PendingTransaction,
  Platform,
} from '../runtime/device-wire.ts';
export { readActivationPassword } from '../runtime/device-wire.ts';
export type { ApprovalInput } from './approve.ts';
export type { PinChangeOutcome } from './change-pin.ts';
export { createDeviceClient, type DeviceClient, type DeviceClientOptions } from './device-client.ts';
export type {
  BiometricKey,
  DeviceKeys,
  DeviceState,
  DeviceStore,
  KeptAnswer,
  KeptFetch,
  PendingPinChange,
  StoredEnrolment,
} from './device-store.ts';
export type { EnrolDetails, Enrolment, EnrolOptions, UserProof } from './enrol.ts';
export { type CustomInfo, DeviceError, type DeviceErrorDetails, type LocalCode } from './errors.ts';
export { createMemoryStore } from './memory-store.ts';
export {
  createMobileAuth,
  type HandleableRequest,
  type MobileAuth,
  type MobileAuthOptions,
  type PushRequest,
} from './mobile-auth.ts';
export type { MaskedPinKey } from './pin-key.ts';
export { objectionToPin, type PinObjection } from './pin-policy.ts';
export type {
  AttemptCounter,
  BiometricChallenge,
  ConfirmationChallenge,
  CustomChallenge,
  HandledRequest,
  MobileAuthRequest,
  NumberChallenge,
  OtpChallenge,
  PinChallenge,
  ReceivedChallenge,
  Receivers,
} from './receivers.ts';
export type { AnswerOutcome } from './send-answer.ts';
export type { PrivateSigningKey } from './signing-key.ts';
export type { TransactionReference } from './transaction-reference.ts';
