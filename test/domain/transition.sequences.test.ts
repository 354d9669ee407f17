import {
  INITIAL_STATE,
  isFinal,
  type TransactionEvent,
  type TransactionRules,
  type TransactionState,
  transition,
} from '../../workflows/domain/transaction.ts';

const DEADLINE_MS = 1_000;
const LONGEST = 4;

const EVENTS: readonly TransactionEvent[] = [
  { kind: 'approve', method: 'push' },
  { kind: 'deny', by: 'user', reason: 'not_me' },
  { kind: 'fail', reason: 'failed_to_send' },
  { kind: 'resend' },
  { kind: 'cancel', by: 'portal' },
  { kind: 'time_up' },
];
const MOMENTS_MS = [DEADLINE_MS - 1, DEADLINE_MS, DEADLINE_MS + 1];

interface Step {
  readonly event: TransactionEvent;
  readonly nowMs: number;
}

const STEPS: readonly Step[] = EVENTS.flatMap((event) => MOMENTS_MS.map((nowMs) => ({ event, nowMs })));

interface Walk {
  sequences: number;
  readonly endings: Set<string>;
  readonly violations: string[];
}

/** Takes every step from `state`, then every step from where that led, until the sequence has its length. */
function walkFrom(state: TransactionState, path: readonly Step[], rules: TransactionRules, walk: Walk): void {
  for (const step of STEPS) {
    const taken = [...path, step];
    const result = transition(state, step.event, rules, step.nowMs);
    const after = result.ok ? result.state : state;
    const broken = brokenInvariant(state, step, result.ok, after, rules);
    if (broken) walk.violations.push(`${broken}: ${JSON.stringify(taken)}`);
    walk.sequences += 1;
    walk.endings.add(after.status);
    if (taken.length < LONGEST) walkFrom(after, taken, rules, walk);
  }
}

function brokenInvariant(
  before: TransactionState,
  { event, nowMs }: Step,
  isTaken: boolean,
  after: TransactionState,
  rules: TransactionRules,
): string | undefined {
  if (isFinal(before) && isTaken) return 'a settled transaction took an event';
  if (!isTaken) return undefined;
  if (after.status === 'pending') {
    if (event.kind !== 'resend') return 'an event other than a resend was taken and settled nothing';
    if (after.resends > rules.maxResends) return 'more was resent than allowed';
    if (before.status === 'pending' && after.resends !== before.resends + 1) return 'a resend was not counted as one';
    return nowMs >= DEADLINE_MS ? 'a resend passed the deadline' : undefined;
  }
  if (event.kind === 'resend') return 'a resend settled the transaction';
  const isDecision = after.status === 'approved' || after.status === 'denied';
  if (isDecision && after.settledAtMs >= DEADLINE_MS) return 'a decision passed the deadline';
  if (after.status === 'expired' && after.settledAtMs < DEADLINE_MS) return 'it expired before its deadline';
  return undefined;
}

describe.each([0, 1, 2])('over every sequence of at most four events, with %d resends allowed', (maxResends) => {
  const walk: Walk = { sequences: 0, endings: new Set(), violations: [] };

  beforeAll(() => {
    walkFrom(Object.freeze({ ...INITIAL_STATE }), [], { deadlineMs: DEADLINE_MS, maxResends }, walk);
  });

  it('settles at most once, counts resends to their limit, and lets no decision pass the deadline', () => {
    expect(walk.violations.slice(0, 5)).toStrictEqual([]);
  });

  it('has really been everywhere', () => {
    const perStep = STEPS.length;
    expect(walk.sequences).toBe(perStep + perStep ** 2 + perStep ** 3 + perStep ** 4);
    expect([...walk.endings].sort()).toStrictEqual(['approved', 'cancelled', 'denied', 'expired', 'failed', 'pending']);
  });
});

it.each([
  ['approve', 'deny', 'approved'],
  ['deny', 'approve', 'denied'],
  ['cancel', 'approve', 'cancelled'],
  ['time_up', 'approve', 'expired'],
  ['approve', 'time_up', 'approved'],
  ['approve', 'cancel', 'approved'],
])('of %s and then %s the first wins', (first, second, standing) => {
  const rules = { deadlineMs: DEADLINE_MS, maxResends: 0 };
  const eventOfKind = (kind: string) => EVENTS.find((event) => event.kind === kind) as TransactionEvent;
  const one = transition(INITIAL_STATE, eventOfKind(first), rules, DEADLINE_MS - 1);
  const state = one.ok ? one.state : INITIAL_STATE;
  expect(state.status).toBe(standing);
  expect(transition(state, eventOfKind(second), rules, DEADLINE_MS - 1)).toStrictEqual({
    ok: false,
    refusal: 'already_settled',
  });
});
