/** `GET /device/v1/transactions`: what waits for this enrolment, newest first. Nothing here is confidential. */
export interface PendingList {
  readonly transactions: readonly PendingTransaction[];
}

export interface PendingTransaction {
  readonly transactionId: string;
  readonly userId: string;
  /** The short message, as in the push. */
  readonly message: string;
  /** RFC 3339. */
  readonly sentAt: string;
  /** RFC 3339; an answer after this moment is refused. */
  readonly expiresAt: string;
  readonly timeToLiveSeconds: number;
}

/** `data.content` of a push, as a JSON string (names as in the vendor's SDKs). */
export interface PushContent {
  readonly og_transaction_id: string;
  /** The user. */
  readonly og_profile_id: string;
  /** The short message; nothing confidential travels in a push. */
  readonly og_message: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly timeToLiveSeconds: number;
}
