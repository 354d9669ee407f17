import type { DeviceSigningKey } from './enrolment.ts';
import type { NEW_KEY_PROOF_TYPE } from './request-proof.ts';

/**
 * `PUT /device/v1/push-token`, 204: the first push token of an enrolment, or a new one in place of the old one.
 * `DELETE` of the same address, without a body: no more pushes.
 */
export interface PushTokenRequest {
  readonly pushToken: string;
  /** Required where the enrolment has one: shows that it is this phone that got a new one. */
  readonly oldPushToken?: string;
}

/** `PATCH /device/v1/device`, 204. */
export interface RenameRequest {
  readonly name: string;
}

/**
 * `POST /device/v1/keys`, 204: new keys in place of the old ones, at least one of the two. The request proof is by the
 * old signing key.
 */
export interface KeysRequest {
  readonly pgpPublicKey?: string;
  readonly signingKey?: DeviceSigningKey;
  /**
   * With a new signing key, by that key: a JWS with `typ` {@link NEW_KEY_PROOF_TYPE}, `kid` the enrolment id, and the
   * claims of a request proof of this request, but for `body_sha256`: it is over the text of `pgpPublicKey` (over no
   * bytes when there is none).
   */
  readonly newKeyProof?: string;
}
