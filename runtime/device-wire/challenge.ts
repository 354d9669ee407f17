/** `POST /device/v1/transactions/{id}/fetch`. The same `requestId` again gives the same challenge; another one is refused. */
export interface FetchRequest {
  readonly requestId: string;
}

/**
 * `POST /device/v1/otp`: claims the transaction of a code that the user has read, for this enrolment, and fetches it as
 * {@link FetchRequest} does. The first phone wins.
 */
export interface ClaimRequest extends FetchRequest {
  /** As the portal shows it. */
  readonly otp: string;
}

/** Inside the sealed reply to a fetch. */
export interface Challenge {
  readonly purpose: 'challenge';
  readonly transactionId: string;
  readonly enrolmentId: string;
  /** Echo of the request, so that an old reply can not be passed off as this one. */
  readonly requestId: string;
  /** Name of the configured type. */
  readonly type: string;
  readonly method:
    | 'push'
    | 'push_with_pin'
    | 'push_with_fingerprint'
    | 'push_with_custom_authenticator'
    | 'push_with_number'
    /** Approved as `push` is. */
    | 'otp';
  /** What the user must see: the secure message, or the short one where the portal gave none. */
  readonly message: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** What is left until then, so that nothing rests on the phone's clock. */
  readonly expiresInMs?: number;
  /** To be repeated in an approval: shows that the approving phone has read this challenge. */
  readonly nonce: string;
  /** How often the user may be wrong in number or PIN, and how often still; absent where the method asks for neither. */
  readonly attempts?: { readonly max: number; readonly left: number };
  /** Shown to the user and signed with the approval, byte for byte, where the type signs. */
  readonly signingData?: string;
}

/**
 * What a PIN key or a biometric key signs to approve: bound to one challenge of one transaction for one enrolment and to
 * the kind of key, so that a proof is good for nothing else.
 */
export function proofStatement(
  kind: 'pin' | 'biometric',
  challenge: Pick<Challenge, 'transactionId' | 'enrolmentId' | 'nonce'>,
): string {
  return [`countersign-${kind}-v1`, challenge.transactionId, challenge.enrolmentId, challenge.nonce, 'approve'].join(
    '\n',
  );
}
