import { type FinalState, isFinal, type TransactionEvent, transition } from '../../workflows/domain/transaction.ts';

const DEADLINE_MS = 1_800_000_000_000;
const SETTLED_AT_MS = DEADLINE_MS - 10;

const FINAL_STATES: readonly FinalState[] = [
  { status: 'approved', settledAtMs: SETTLED_AT_MS, method: 'push' },
  { status: 'denied', settledAtMs: SETTLED_AT_MS, by: 'user' },
  { status: 'denied', settledAtMs: SETTLED_AT_MS, by: 'operator', reason: 'not_me' },
  { status: 'failed', settledAtMs: SETTLED_AT_MS, reason: 'failed_to_send' },
  { status: 'expired', settledAtMs: DEADLINE_MS },
  { status: 'cancelled', settledAtMs: SETTLED_AT_MS, by: 'portal' },
];

const EVENTS: readonly TransactionEvent[] = [
  { kind: 'approve', method: 'push' },
  { kind: 'deny', by: 'user' },
  { kind: 'deny', by: 'user', reason: 'not_me' },
  { kind: 'deny', by: 'operator', reason: 'cancelled' },
  { kind: 'fail', reason: 'invalid_answer' },
  { kind: 'resend' },
  { kind: 'cancel', by: 'portal' },
  { kind: 'cancel', by: 'operator' },
  { kind: 'time_up' },
];

/** An answer recorded during an outage can be older than the decision that was taken meanwhile. */
const MOMENTS = [SETTLED_AT_MS - 1, SETTLED_AT_MS, DEADLINE_MS - 1, DEADLINE_MS, DEADLINE_MS + 1];

const CASES = FINAL_STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const));

it.each(CASES)('%j lets nothing happen to it: %j', (state, event) => {
  for (const maxResends of [0, 1, 5]) {
    for (const nowMs of MOMENTS) {
      const result = transition(state, event, { deadlineMs: DEADLINE_MS, maxResends }, nowMs);
      expect(result).toStrictEqual({ ok: false, refusal: 'already_settled' });
    }
  }
});

it.each(FINAL_STATES)('$status is final', (state) => {
  expect(isFinal(state)).toBe(true);
});
