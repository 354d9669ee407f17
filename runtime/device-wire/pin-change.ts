/** `POST /device/v1/pin-key/challenge`: asks what a change of the PIN must prove the old one over. */
export interface PinChallengeRequest {
  /** 16 to 64 characters, new for each request. */
  readonly requestId: string;
}

/** Inside the sealed reply to {@link PinChallengeRequest}. */
export interface PinChallenge {
  readonly purpose: 'pin_challenge';
  readonly enrolmentId: string;
  /** Echo of the request. */
  readonly requestId: string;
  /** Another one after each change. */
  readonly nonce: string;
  /** Of the last change that came through, for a phone that lost the reply to it. */
  readonly lastChangeId?: string;
}

/** `POST /device/v1/pin-key/change`. Sending the same bytes again is the same change. */
export interface PinChangeRequest {
  /** Armored OpenPGP message holding a {@link PinChange}. */
  readonly change: string;
}

/** Inside a change of the PIN: JSON, padded, signed by the phone's OpenPGP key and encrypted to the server's. */
export interface PinChange {
  readonly purpose: 'pin_change';
  readonly enrolmentId: string;
  /** UUID, made at random by the phone. */
  readonly changeId: string;
  /** Of the {@link PinChallenge}. */
  readonly nonce: string;
  /** Ed25519, base64url: the public half of the new PIN key. */
  readonly publicKey: string;
  /** Base64url, by the old PIN key over {@link pinChangeStatement}. */
  readonly oldSignature: string;
  /** Base64url, by the new PIN key over the same: shows that it is held. */
  readonly newSignature: string;
}

/** Inside the sealed reply (200) to a change of the PIN that was judged. */
export interface PinChangeReply {
  readonly purpose: 'pin_change_reply';
  readonly enrolmentId: string;
  /** Base64url SHA-256 of the change's armored text: which change this replies to. */
  readonly changeSha256: string;
  /** `pin_wrong`: the old PIN was not this one, and may be tried again. `failed`: that was the last attempt, and the enrolment is revoked. */
  readonly status: 'changed' | 'pin_wrong' | 'failed';
  /** With `pin_wrong`. */
  readonly attemptsLeft?: number;
}

/** What the old and the new PIN key sign to change the PIN: bound to one enrolment, one old key and one new one. */
export function pinChangeStatement(
  change: Pick<PinChange, 'enrolmentId' | 'changeId' | 'nonce' | 'publicKey'>,
): string {
  return ['countersign-pin-change-v1', change.enrolmentId, change.changeId, change.nonce, change.publicKey].join('\n');
}
