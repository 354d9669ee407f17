import fc from 'fast-check';
import {
  type AskingLimits,
  type AskingState,
  ask,
  effectOf,
  NEVER_ASKED,
} from '../../workflows/domain/push-fatigue.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';

const NOW = 1_800_000_000_000;
const LIMITS: AskingLimits = {
  maxPending: 2,
  freeMisses: 3,
  firstWaitMs: 30_000,
  longestWaitMs: 600_000,
  blocksOnNotMe: true,
};
const question = (transactionId: string, deadlineMs = NOW + 60_000) => ({ transactionId, deadlineMs });
const missed = (misses: number, agoMs = 0): AskingState => ({ ...NEVER_ASKED, misses, lastMissAtMs: NOW - agoMs });

describe('a user', () => {
  it('is asked who never was, and the question is kept', () => {
    expect(ask(NEVER_ASKED, LIMITS, question('a'), NOW)).toEqual({
      ok: true,
      state: { ...NEVER_ASKED, pending: { a: NOW + 60_000 } },
    });
  });

  it('is not asked more at once than allowed; the first deadline tells when again', () => {
    const state = { ...NEVER_ASKED, pending: { a: NOW + 9_000, b: NOW + 5_000 } };
    const refusal = { reason: 'too_many_pending', retryAfterMs: 5_000 };
    expect(ask(state, LIMITS, question('c'), NOW)).toEqual({ ok: false, refusal });
    expect(ask(state, LIMITS, question('c'), NOW + 5_000).ok).toBe(true);
  });

  it('is asked the same question again without a charge', () => {
    const state = { ...NEVER_ASKED, isBlocked: true, pending: { a: NOW + 9_000, b: NOW + 5_000 } };
    expect(ask(state, LIMITS, question('a'), NOW)).toEqual({ ok: true, state });
  });

  it.each([
    [3, 0],
    [4, 30_000],
    [5, 60_000],
    [6, 120_000],
    [8, 480_000],
    [9, 600_000],
    [1_000_000, 600_000],
  ])('after %d misses in a row is left alone for %d ms', (misses, waitMs) => {
    const verdict = ask(missed(misses), LIMITS, question('a'), NOW);
    if (waitMs > 0) expect(verdict).toEqual({ ok: false, refusal: { reason: 'too_soon', retryAfterMs: waitMs } });
    if (waitMs > 0) expect(ask(missed(misses, waitMs - 1), LIMITS, question('a'), NOW).ok).toBe(false);
    expect(ask(missed(misses, waitMs), LIMITS, question('a'), NOW).ok).toBe(true);
  });

  it('is asked as if nothing had been when the misses are a day old', () => {
    const state = missed(50, 24 * 60 * 60_000);
    expect(ask(state, LIMITS, question('a'), NOW)).toEqual({
      ok: true,
      state: { ...NEVER_ASKED, pending: { a: NOW + 60_000 } },
    });
  });

  it('is not asked when it was not them, unless that is switched off', () => {
    const state = { ...NEVER_ASKED, isBlocked: true };
    expect(ask(state, LIMITS, question('a'), NOW)).toEqual({ ok: false, refusal: { reason: 'blocked' } });
    expect(ask(state, { ...LIMITS, blocksOnNotMe: false }, question('a'), NOW).ok).toBe(true);
  });

  it('never has more live questions than allowed, whatever comes', () => {
    const steps = fc.array(fc.record({ lasts: fc.integer({ min: 1, max: 900_000 }), later: fc.nat(700_000) }));
    fc.assert(
      fc.property(steps, (asked) => {
        let state = NEVER_ASKED;
        let nowMs = NOW;
        for (const [index, { lasts, later }] of asked.entries()) {
          nowMs += later;
          const verdict = ask(state, LIMITS, question(String(index), nowMs + lasts), nowMs);
          if (verdict.ok) state = verdict.state;
          const live = Object.values(state.pending).filter((atMs) => atMs > nowMs);
          expect(live.length).toBeLessThanOrEqual(LIMITS.maxPending);
        }
      }),
    );
  });

  it('keeps a question for ten minutes after its deadline, so that a late outcome still counts, and then no more', () => {
    const state = { ...NEVER_ASKED, pending: { old: NOW - 600_000, late: NOW - 599_999 } };
    expect(ask(state, LIMITS, question('a'), NOW)).toMatchObject({ state: { pending: { late: NOW - 599_999 } } });
    expect(ask(state, LIMITS, question('a'), NOW)).not.toHaveProperty('state.pending.old');
  });
});

const settledAtMs = NOW;
it.each<[string, FinalState]>([
  ['approval', { status: 'approved', settledAtMs, method: 'push' }],
  ['miss', { status: 'expired', settledAtMs }],
  ['miss', { status: 'denied', settledAtMs, by: 'user' }],
  ['miss', { status: 'denied', settledAtMs, by: 'user', reason: 'cancelled' }],
  ['not_me', { status: 'denied', settledAtMs, by: 'user', reason: 'not_me' }],
  ['none', { status: 'denied', settledAtMs, by: 'operator', reason: 'not_me' }],
  ['none', { status: 'failed', settledAtMs, reason: 'failed_to_send' }],
  ['none', { status: 'failed', settledAtMs, reason: 'invalid_answer' }],
  ['none', { status: 'cancelled', settledAtMs, by: 'portal' }],
])('%s is what %j says', (effect, outcome) => {
  expect(effectOf(outcome)).toBe(effect);
});
