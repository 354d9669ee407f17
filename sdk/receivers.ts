import type { Challenge, DenialReason } from '../runtime/device-wire.ts';
import type { CustomInfo, DeviceError } from './errors.ts';

/** What the user is asked, as the app shows it. */
export type MobileAuthRequest = Pick<
  Challenge,
  'transactionId' | 'type' | 'method' | 'message' | 'signingData' | 'expiresAt'
> & {
  /** Whom this phone answers for. */
  readonly userId: string;
};

/** How often the user may be wrong, and how often still. */
export interface AttemptCounter {
  readonly maxFailureCount: number;
  readonly remainingFailureCount: number;
}

/** What every challenge offers. Only the first call of one of its functions counts; later ones do nothing. */
export interface ReceivedChallenge {
  readonly request: MobileAuthRequest;
  /** The user says no. */
  deny(reason?: DenialReason): void;
  /** The user calls it off: denied with the reason `cancelled`, and told as a failure with 9006. */
  cancel(): void;
}

/** A yes or a no. */
export interface ConfirmationChallenge extends ReceivedChallenge {
  /** The user says yes. */
  accept(): void;
}

/** The same, for a request that came as a code. */
export interface OtpChallenge extends ReceivedChallenge {
  /** The user says yes. */
  accept(): void;
}

/** A PIN: the method's own, or in place of another proof. */
export interface PinChallenge extends ReceivedChallenge {
  /** As far as the server tells. */
  readonly attempts?: AttemptCounter;
  /** True when the PIN before was wrong. */
  readonly isNextAttempt: boolean;
  /**
   * Why the PIN stands in: 9022 (no biometric key here), 9030 (biometric proof not taken) or 9027 (custom authenticator
   * said no, with its `custom`).
   */
  readonly cause?: DeviceError;
  /** Throws `pin_refused` (9009) for a text that can be nobody's PIN: it would only cost an attempt. */
  accept(pin: string): void;
}

/** A fingerprint or the like, which the platform checks before `accept`. */
export interface BiometricChallenge extends ReceivedChallenge {
  /** The platform has recognised the user. */
  accept(): void;
  /** Asks for the PIN in the same request. */
  fallBackToPin(): void;
}

/** A proof of the app's own. */
export interface CustomChallenge extends ReceivedChallenge {
  /** What the configured verifier understands. */
  accept(payload?: string): void;
  /** Asks for the PIN in the same request. */
  fallBackToPin(): void;
}

/** The number that the portal shows. */
export interface NumberChallenge extends ReceivedChallenge {
  readonly attempts?: AttemptCounter;
  /** True when the number before was wrong. */
  readonly isNextAttempt: boolean;
  /** What the user typed. */
  accept(number: string): void;
}

/**
 * What the app does with a request, by what it asks of the user. A receiver shows it; the challenge takes the
 * user's answer, during the call or any time after it. It is called again, with a new challenge, after a wrong PIN or
 * number. One that throws or rejects fails the request, unanswered.
 */
export interface Receivers {
  /** For `push`, with or without data to sign. */
  onConfirmation?(challenge: ConfirmationChallenge): void | Promise<void>;
  /** For `push_with_pin`, and where the PIN stands in. */
  onPin?(challenge: PinChallenge): void | Promise<void>;
  /** For `push_with_fingerprint`; without it the PIN is asked for. */
  onBiometric?(challenge: BiometricChallenge): void | Promise<void>;
  /** For `push_with_custom_authenticator`; without it the PIN is asked for. */
  onCustom?(challenge: CustomChallenge): void | Promise<void>;
  /** For `push_with_number`. */
  onNumber?(challenge: NumberChallenge): void | Promise<void>;
  /** For `otp`. */
  onOtp?(challenge: OtpChallenge): void | Promise<void>;
  /** The request has its answer. */
  onHandled?(request: MobileAuthRequest, result: HandledRequest): void;
  /** It has none of this phone, for instance as the user was too late. `request` is absent where it could not be read. */
  onFailed?(error: DeviceError, request?: MobileAuthRequest): void;
}

/** How a request ended. `recorded`: the answer is safe on the server and will be judged as soon as it can. */
export interface HandledRequest {
  readonly transactionId: string;
  readonly status: 'approved' | 'denied' | 'recorded';
  /** What the custom authenticator said. */
  readonly custom?: CustomInfo;
}
