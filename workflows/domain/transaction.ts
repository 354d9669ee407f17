/** The states of a transaction and the one function that moves it from one to the next. */

export type FinalStatus = 'approved' | 'denied' | 'failed' | 'expired' | 'cancelled';
export type TransactionStatus = 'pending' | FinalStatus;

/** How a user is asked, and the method really used, as results name it. */
export type AuthenticationMethod =
  | 'push'
  | 'push_with_pin'
  | 'push_with_fingerprint'
  | 'push_with_custom_authenticator'
  | 'push_with_number'
  /** Asked by a code that the portal shows; whoever's phone reads it answers. */
  | 'otp'
  /** Asked by a code that goes out by SMS; the portal brings it back. */
  | 'sms';

/** A signature over the portal's signing data, with the key that verifies it. */
export interface SignedData {
  /** Base64, ASN.1 DER, ECDSA over P-256 with SHA-256. */
  readonly signature: string;
  /** PEM, SubjectPublicKeyInfo. */
  readonly userPublicKey: string;
}

/** Why a user said no, when the phone told. */
export type DenialReason = 'not_me' | 'cancelled';

/** Why a transaction failed; the vendor's words for results. */
export type FailureReason = 'failed_to_send' | 'invalid_request' | 'invalid_answer';

export type Canceller = 'portal' | 'operator';

/** A final state carries when it was reached. */
export type FinalState =
  | {
      readonly status: 'approved';
      readonly settledAtMs: number;
      readonly method: AuthenticationMethod;
      readonly signed?: SignedData;
    }
  | {
      readonly status: 'denied';
      readonly settledAtMs: number;
      readonly by: 'user' | 'operator';
      readonly reason?: DenialReason;
    }
  | { readonly status: 'failed'; readonly settledAtMs: number; readonly reason: FailureReason }
  | { readonly status: 'expired'; readonly settledAtMs: number }
  | { readonly status: 'cancelled'; readonly settledAtMs: number; readonly by: Canceller };

export type TransactionState = { readonly status: 'pending'; readonly resends: number } | FinalState;

export type TransactionEvent =
  | { readonly kind: 'approve'; readonly method: AuthenticationMethod; readonly signed?: SignedData }
  | { readonly kind: 'deny'; readonly by: 'user' | 'operator'; readonly reason?: DenialReason }
  | { readonly kind: 'fail'; readonly reason: FailureReason }
  | { readonly kind: 'resend' }
  | { readonly kind: 'cancel'; readonly by: Canceller }
  | { readonly kind: 'time_up' };

/** What a transaction was promised at begin; later changes of the type do not touch it. */
export interface TransactionRules {
  /** Absolute; nothing extends it. */
  readonly deadlineMs: number;
  readonly maxResends: number;
}

export type Refusal = 'already_settled' | 'expired' | 'resend_limit_reached';

export type Transition =
  | { readonly ok: true; readonly state: TransactionState }
  | { readonly ok: false; readonly refusal: Refusal };

export const INITIAL_STATE: TransactionState = { status: 'pending', resends: 0 };

export function isFinal(state: TransactionState): state is FinalState {
  return state.status !== 'pending';
}

/**
 * The first valid decision wins: whatever comes later, or after the deadline, changes nothing and is told so.
 * `nowMs` is when the event reached us, which for an answer recorded during an outage is before this is run.
 */
export function transition(
  state: TransactionState,
  event: TransactionEvent,
  rules: TransactionRules,
  nowMs: number,
): Transition {
  if (isFinal(state)) return refuse('already_settled');
  const late = nowMs >= rules.deadlineMs;
  switch (event.kind) {
    case 'approve':
      if (late) return refuse('expired');
      return next({
        status: 'approved',
        settledAtMs: nowMs,
        method: event.method,
        ...(event.signed && { signed: event.signed }),
      });
    case 'deny':
      if (late) return refuse('expired');
      return next({
        status: 'denied',
        settledAtMs: nowMs,
        by: event.by,
        ...(event.reason && { reason: event.reason }),
      });
    case 'resend':
      if (late) return refuse('expired');
      if (state.resends >= rules.maxResends) return refuse('resend_limit_reached');
      return next({ status: 'pending', resends: state.resends + 1 });
    case 'fail':
      return next({ status: 'failed', settledAtMs: nowMs, reason: event.reason });
    case 'cancel':
      return next({ status: 'cancelled', settledAtMs: nowMs, by: event.by });
    case 'time_up':
      return next({ status: 'expired', settledAtMs: Math.max(nowMs, rules.deadlineMs) });
    default:
      return unreachable(event);
  }
}

function next(state: TransactionState): Transition {
  return { ok: true, state };
}

function refuse(refusal: Refusal): Transition {
  return { ok: false, refusal };
}

function unreachable(event: never): never {
  throw new Error(`no rule for ${JSON.stringify(event)}`);
}
