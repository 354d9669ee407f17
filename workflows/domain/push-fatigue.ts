/** How often one user may be asked: a phone that rings until its owner gives in proves nothing. */
import type { FinalState } from './transaction.ts';

export interface AskingLimits {
  /** Pushes that may wait for one user at the same time. */
  readonly maxPending: number;
  /** Denied or ignored pushes in a row that cost no wait. */
  readonly freeMisses: number;
  /** After the first miss beyond those; it doubles with each further one. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  readonly blocksOnNotMe: boolean;
}

/** What is kept of one user. */
export interface AskingState {
  /** Transaction id to its deadline, epoch ms, for each that has no outcome yet. */
  readonly pending: Readonly<Record<string, number>>;
  /** Denied or ignored, since the last approval. */
  readonly misses: number;
  /** Epoch ms; null where there was none. */
  readonly lastMissAtMs: number | null;
  /** The user said of a push that it was not them who caused it. */
  readonly isBlocked: boolean;
}

export const NEVER_ASKED: AskingState = { pending: {}, misses: 0, lastMissAtMs: null, isBlocked: false };

/** Misses this old say nothing about who asks today. */
export const MISSES_COUNT_FOR_MS = 24 * 60 * 60_000;
/** An outcome may be written a while after the deadline, and still counts until then. */
const OUTCOME_DUE_WITHIN_MS = 10 * 60_000;

export type AskingRefusal =
  | { readonly reason: 'blocked' }
  | { readonly reason: 'too_many_pending' | 'too_soon'; readonly retryAfterMs: number };

export type AskingVerdict =
  | { readonly ok: true; readonly state: AskingState }
  | { readonly ok: false; readonly refusal: AskingRefusal };

/** May the user be asked once more, until `deadlineMs`? The same transaction again is the same question. */
export function ask(
  state: AskingState,
  limits: AskingLimits,
  { transactionId, deadlineMs }: { readonly transactionId: string; readonly deadlineMs: number },
  nowMs: number,
): AskingVerdict {
  if (Object.hasOwn(state.pending, transactionId)) return { ok: true, state };
  if (state.isBlocked && limits.blocksOnNotMe) return { ok: false, refusal: { reason: 'blocked' } };
  const deadlines = Object.values(state.pending).filter((atMs) => atMs > nowMs);
  if (deadlines.length >= limits.maxPending) {
    return { ok: false, refusal: { reason: 'too_many_pending', retryAfterMs: Math.min(...deadlines) - nowMs } };
  }
  const waitMs = waitAfter(state, limits, nowMs);
  if (waitMs > 0) return { ok: false, refusal: { reason: 'too_soon', retryAfterMs: waitMs } };
  const due = Object.entries(state.pending).filter(([, atMs]) => atMs > nowMs - OUTCOME_DUE_WITHIN_MS);
  const isStale = state.lastMissAtMs !== null && nowMs - state.lastMissAtMs >= MISSES_COUNT_FOR_MS;
  return {
    ok: true,
    state: {
      ...state,
      ...(isStale && { misses: 0, lastMissAtMs: null }),
      pending: { ...Object.fromEntries(due), [transactionId]: deadlineMs },
    },
  };
}

/** Milliseconds that are left of the wait after the last miss. */
function waitAfter({ misses, lastMissAtMs }: AskingState, limits: AskingLimits, nowMs: number): number {
  const charged = misses - limits.freeMisses;
  if (charged <= 0 || lastMissAtMs === null || nowMs - lastMissAtMs >= MISSES_COUNT_FOR_MS) return 0;
  const waitMs = Math.min(limits.firstWaitMs * 2 ** Math.min(charged - 1, 30), limits.longestWaitMs);
  return Math.max(0, lastMissAtMs + waitMs - nowMs);
}

/** What an outcome says about being asked: `miss` was denied or ignored, `not_me` was also not of the user's making. */
export type AskingEffect = 'approval' | 'miss' | 'not_me' | 'none';

/** Only what the user did counts: a push that failed or was taken back says nothing about them, nor does an operator's word. */
export function effectOf(outcome: FinalState): AskingEffect {
  switch (outcome.status) {
    case 'approved':
      return 'approval';
    case 'expired':
      return 'miss';
    case 'denied':
      if (outcome.by !== 'user') return 'none';
      return outcome.reason === 'not_me' ? 'not_me' : 'miss';
    case 'failed':
    case 'cancelled':
      return 'none';
  }
}
