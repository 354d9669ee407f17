export type Decision = 'approve' | 'deny';
export type DenialReason = 'not_me' | 'cancelled';

/** Inside an answer: JSON, padded, signed by the phone's OpenPGP key and encrypted to the server's. */
export interface Answer {
  readonly purpose: 'answer';
  readonly transactionId: string;
  readonly enrolmentId: string;
  readonly decision: Decision;
  /** Only with a denial. */
  readonly reason?: DenialReason;
  /** `nonce` of the challenge; required to approve, absent when denied unopened. */
  readonly nonce?: string;
  /** With an approval, by the method of the challenge. */
  readonly proof?:
    | { readonly kind: 'pin'; readonly signature: string }
    | { readonly kind: 'biometric'; readonly signature: string }
    | { readonly kind: 'custom'; readonly payload?: string }
    | { readonly kind: 'number'; readonly number: string };
  /** With an approval of signing data: base64, ASN.1 DER, by the device signing key. */
  readonly signature?: string;
  /** RFC 3339, the phone's clock. */
  readonly answeredAt: string;
}

/** `POST /device/v1/transactions/{id}/answer`. Sending the same bytes again is the same answer. */
export interface AnswerRequest {
  /** Armored OpenPGP message holding an {@link Answer}. */
  readonly answer: string;
}

/** Inside the sealed reply (200) to an answer that was taken. */
export interface AnswerReply {
  readonly purpose: 'answer_reply';
  readonly transactionId: string;
  readonly enrolmentId: string;
  /** Base64url SHA-256 of the answer's armored text: which answer this replies to. */
  readonly answerSha256: string;
  /**
   * `pin_wrong`, `number_wrong`: may be tried again. `pin_required`: the biometric or custom proof was not taken, and the
   * PIN is asked for in the same transaction. `failed`: it was the last attempt.
   */
  readonly status: 'approved' | 'denied' | 'failed' | 'pin_wrong' | 'pin_required' | 'number_wrong';
  /** With `pin_wrong` and `number_wrong`. */
  readonly attemptsLeft?: number;
  /** What the custom authenticator has to say to the app. */
  readonly custom?: { readonly status: number; readonly data?: string };
}

/** Plain reply (202) to an answer that is kept safe while no worker is there to judge it. */
export interface AnswerRecorded {
  readonly status: 'recorded';
}
