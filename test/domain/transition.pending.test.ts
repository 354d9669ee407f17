import {
  INITIAL_STATE,
  isFinal,
  type TransactionEvent,
  type TransactionState,
  type Transition,
  transition,
} from '../../workflows/domain/transaction.ts';

const DEADLINE_MS = 1_800_000_000_000;
const BEFORE = DEADLINE_MS - 1;
const AT = DEADLINE_MS;
const AFTER = DEADLINE_MS + 1;
const TIMES = { 'one millisecond before': BEFORE, at: AT, 'one millisecond after': AFTER } as const;

const EXPIRED: Transition = { ok: false, refusal: 'expired' };

/** What each event does to a transaction that waits: before, at and after its deadline. */
const TABLE: readonly (readonly [string, TransactionEvent, Transition, Transition, Transition])[] = [
  [
    'an approval',
    { kind: 'approve', method: 'push' },
    settled({ status: 'approved', settledAtMs: BEFORE, method: 'push' }),
    EXPIRED,
    EXPIRED,
  ],
  [
    'a denial by the user without a reason',
    { kind: 'deny', by: 'user' },
    settled({ status: 'denied', settledAtMs: BEFORE, by: 'user' }),
    EXPIRED,
    EXPIRED,
  ],
  [
    'a denial by the user who did not ask for it',
    { kind: 'deny', by: 'user', reason: 'not_me' },
    settled({ status: 'denied', settledAtMs: BEFORE, by: 'user', reason: 'not_me' }),
    EXPIRED,
    EXPIRED,
  ],
  [
    'a denial by the user who thought better of it',
    { kind: 'deny', by: 'user', reason: 'cancelled' },
    settled({ status: 'denied', settledAtMs: BEFORE, by: 'user', reason: 'cancelled' }),
    EXPIRED,
    EXPIRED,
  ],
  [
    'a denial by an operator',
    { kind: 'deny', by: 'operator', reason: 'not_me' },
    settled({ status: 'denied', settledAtMs: BEFORE, by: 'operator', reason: 'not_me' }),
    EXPIRED,
    EXPIRED,
  ],
  ...(['failed_to_send', 'invalid_request', 'invalid_answer'] as const).map(
    (reason) =>
      [
        `a failure (${reason})`,
        { kind: 'fail', reason },
        settled({ status: 'failed', settledAtMs: BEFORE, reason }),
        settled({ status: 'failed', settledAtMs: AT, reason }),
        settled({ status: 'failed', settledAtMs: AFTER, reason }),
      ] as const,
  ),
  ...(['portal', 'operator'] as const).map(
    (by) =>
      [
        `a cancellation by the ${by}`,
        { kind: 'cancel', by },
        settled({ status: 'cancelled', settledAtMs: BEFORE, by }),
        settled({ status: 'cancelled', settledAtMs: AT, by }),
        settled({ status: 'cancelled', settledAtMs: AFTER, by }),
      ] as const,
  ),
  [
    'the end of its time',
    { kind: 'time_up' },
    // A timer that fires a little early still ends the transaction at its deadline.
    settled({ status: 'expired', settledAtMs: DEADLINE_MS }),
    settled({ status: 'expired', settledAtMs: DEADLINE_MS }),
    settled({ status: 'expired', settledAtMs: AFTER }),
  ],
  ['a resend', { kind: 'resend' }, { ok: true, state: { status: 'pending', resends: 1 } }, EXPIRED, EXPIRED],
];

function settled(state: TransactionState): Transition {
  return { ok: true, state };
}

describe.each(Object.entries(TIMES))('a waiting transaction, %s its deadline', (_moment, nowMs) => {
  const column = nowMs === BEFORE ? 2 : nowMs === AT ? 3 : 4;
  it.each(TABLE.map((row) => [row[0], row[1], row[column] as Transition] as const))(
    'answers %s as the table says',
    (_name, event, expected) => {
      const rules = { deadlineMs: DEADLINE_MS, maxResends: 2 };
      expect(transition(INITIAL_STATE, event, rules, nowMs)).toStrictEqual(expected);
    },
  );
});

describe.each([
  { maxResends: 0, used: 0, expected: { ok: false, refusal: 'resend_limit_reached' } },
  { maxResends: 1, used: 0, expected: { ok: true, state: { status: 'pending', resends: 1 } } },
  { maxResends: 1, used: 1, expected: { ok: false, refusal: 'resend_limit_reached' } },
  { maxResends: 5, used: 0, expected: { ok: true, state: { status: 'pending', resends: 1 } } },
  { maxResends: 5, used: 4, expected: { ok: true, state: { status: 'pending', resends: 5 } } },
  { maxResends: 5, used: 5, expected: { ok: false, refusal: 'resend_limit_reached' } },
  { maxResends: 5, used: 6, expected: { ok: false, refusal: 'resend_limit_reached' } },
])('with $used of $maxResends resends used', ({ maxResends, used, expected }) => {
  const state: TransactionState = { status: 'pending', resends: used };
  const rules = { deadlineMs: DEADLINE_MS, maxResends };

  it('counts resends before the deadline', () => {
    expect(transition(state, { kind: 'resend' }, rules, BEFORE)).toStrictEqual(expected);
  });

  it.each([AT, AFTER])('says that it is too late, not that the limit is reached (%d)', (nowMs) => {
    expect(transition(state, { kind: 'resend' }, rules, nowMs)).toStrictEqual(EXPIRED);
  });

  it.each([
    [{ kind: 'approve', method: 'push' }, 'approved'],
    [{ kind: 'deny', by: 'user' }, 'denied'],
    [{ kind: 'cancel', by: 'portal' }, 'cancelled'],
  ] as const)('takes %j whatever was resent', (event, status) => {
    expect(transition(state, event, rules, BEFORE)).toMatchObject({ ok: true, state: { status } });
  });
});

it('judges by the moment it is told, not by the clock of the machine', () => {
  const longAgo = { deadlineMs: 1_000, maxResends: 0 };
  const farAhead = { deadlineMs: Number.MAX_SAFE_INTEGER, maxResends: 0 };
  const approve: TransactionEvent = { kind: 'approve', method: 'push' };
  expect(transition(INITIAL_STATE, approve, longAgo, 999)).toMatchObject({ ok: true, state: { settledAtMs: 999 } });
  expect(transition(INITIAL_STATE, approve, farAhead, Number.MAX_SAFE_INTEGER)).toStrictEqual(EXPIRED);
});

it('begins with a state that is not final and has nothing resent', () => {
  expect(INITIAL_STATE).toStrictEqual({ status: 'pending', resends: 0 });
  expect(isFinal(INITIAL_STATE)).toBe(false);
});
