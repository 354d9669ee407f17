/** Where a phone keeps what it must not lose: the port, and the one state that goes through it. */
import type { Decision, DenialReason, Platform } from '../runtime/device-wire.ts';
import type { MaskedPinKey } from './pin-key.ts';
import type { PrivateSigningKey } from './signing-key.ts';

/** Both private keys of a phone. They never leave it. */
export interface DeviceKeys {
  /** Armored, not protected by a passphrase: the store guards it. */
  readonly pgpPrivateKey: string;
  /** Armored. */
  readonly pgpPublicKey: string;
  readonly signingKey: PrivateSigningKey;
}

/** A P-256 key that a real phone keeps in its secure hardware, behind the biometric; here it lies in the store. */
export type BiometricKey = PrivateSigningKey;

/** A change of the PIN that was sent, while it is not known whether it came through. */
export interface PendingPinChange {
  readonly changeId: string;
  readonly pinKey: MaskedPinKey;
  /** RFC 3339. */
  readonly sentAt: string;
}

/** The binding of this phone to one user of one application. */
export interface StoredEnrolment {
  readonly enrolmentId: string;
  readonly userId: string;
  readonly applicationId: string;
  /** Armored; challenges signed by another key are refused. */
  readonly serverPgpPublicKey: string;
  readonly device: { readonly name: string; readonly platform: Platform };
  /** Absent while pushes can not reach this phone. */
  readonly pushToken?: string;
  /** The key that only the PIN unmasks; absent while no PIN is set. */
  readonly pinKey?: MaskedPinKey;
  /** Of these at most one comes through: each is against the key that counted when it was made. */
  readonly pinChanges?: readonly PendingPinChange[];
  readonly biometricKey?: BiometricKey;
  /** RFC 3339. */
  readonly enrolledAt: string;
  /** RFC 3339, when the server said that the enrolment is no more: the phone may enrol anew. */
  readonly disenrolledAt?: string;
}

/** The request id a challenge was asked with: after a lost reply the same one brings the same challenge. */
export interface KeptFetch {
  readonly transactionId: string;
  readonly requestId: string;
  /** RFC 3339. */
  readonly keepUntil: string;
}

/** An answer as it is sent, kept before the first try: however often it is sent, it is one answer. */
export interface KeptAnswer {
  readonly transactionId: string;
  readonly decision: Decision;
  readonly reason?: DenialReason;
  readonly nonce?: string;
  /** Armored OpenPGP message. */
  readonly answer: string;
  /** RFC 3339. */
  readonly keepUntil: string;
}

/** Everything a phone remembers. As a client makes it, it survives a round trip through JSON. */
export interface DeviceState {
  readonly version: 1;
  /** 64 hexadecimal digits, made once per installation. */
  readonly deviceId: string;
  readonly keys: DeviceKeys;
  /** Made to replace `keys`, while it is not known whether the server has them. */
  readonly nextKeys?: DeviceKeys;
  readonly enrolment?: StoredEnrolment;
  readonly fetches: readonly KeptFetch[];
  readonly answers: readonly KeptAnswer[];
}

/** Keeps one state. It holds private keys: an implementation must guard it as the platform guards secrets. */
export interface DeviceStore {
  /** The state last saved, or undefined before the first save. */
  load(): Promise<DeviceState | undefined>;
  /** Replaces the state as a whole: a crash leaves the old or the new one, never a part. */
  save(state: DeviceState): Promise<void>;
  /** For stores that several processes open at once: runs `work` while no other one runs its own. */
  exclusively?<T>(work: () => Promise<T>): Promise<T>;
}
