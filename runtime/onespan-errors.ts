/** What the OneSpan surface refuses with 409, in the vendor's words: portals compare them. */
export const ONESPAN_REFUSALS = {
  authentication_failed: 'Authentication failed',
  user_locked: 'User is locked',
  request_id_invalid: 'Invalid Request ID',
  user_refused: 'User refused',
  timed_out: 'Timed out',
  /** Ours: the vendor's documents show none. */
  user_exists: 'User already exists',
  registration_not_started: 'Registration ceremony was not started',
  gateway_failed: 'Gateway exited with error',
  no_authenticator:
    'Failed to send push notification. No applicable digipass found. Instance should have both a PNID and a secure channel set.',
} as const;

export type OneSpanRefusal = keyof typeof ONESPAN_REFUSALS;

/** A refusal of the OneSpan surface: 409 with the vendor's message, and with what is told beside it. */
export class OneSpanError extends Error {
  override readonly name = 'OneSpanError';
  readonly refusal: OneSpanRefusal;
  readonly more: Readonly<Record<string, string>>;

  constructor(refusal: OneSpanRefusal, more: Readonly<Record<string, string>> = {}) {
    super(refusal);
    this.refusal = refusal;
    this.more = more;
  }
}
