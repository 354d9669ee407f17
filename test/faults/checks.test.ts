import { CHECKS } from '../../faults/checks/index.ts';
import type { Findings, KeptTransaction } from '../../faults/findings.ts';
import { createRandom } from '../../faults/random.ts';
import type { Call } from '../../faults/record.ts';

const ID = 'transaction-1';
const transaction: KeptTransaction = {
  id: ID,
  status: 'approved',
  method: 'push_with_pin',
  enrolmentId: 'enrolment-1',
  createdAtMs: 0,
  expiresAtMs: 20_000,
  settledAtMs: 5_000,
  writtenAtMs: 5_010,
  failure: null,
  evidenceEnrolmentId: 'enrolment-1',
  receipts: 1,
  outcomeEvents: 1,
  refusedSends: 0,
};
const call = (operation: Call['operation'], says: string, more: Partial<Call> = {}): Call => ({
  ...{ client: 'client-1', operation, transactionId: ID, enrolmentId: 'enrolment-1' },
  ...{ startedAtMs: 4_000, endedAtMs: 5_020, outcome: 'acknowledged', says, ...more },
});
const callback = { transactionId: ID, atMs: 5_100, bodySha256: 'a', answeredWith: 204 };

/** A run in which one PIN was wrong and the next one right, and everything is as it should be. */
const SOUND: Findings = {
  calls: [
    call('begin', 'push', { startedAtMs: 0, endedAtMs: 100 }),
    call('answer', 'pin_wrong', { wanted: 'approve', pin: 'wrong', startedAtMs: 1_000, endedAtMs: 2_000 }),
    call('answer', 'approved', { wanted: 'approve', pin: 'right' }),
    call('answer_foreign', 'transaction_unknown', { outcome: 'refused', enrolmentId: 'enrolment-2' }),
    call('result_at_callback', 'approved'),
  ],
  faults: [],
  transactions: [transaction],
  enrolments: [{ id: 'enrolment-1', isRevoked: false, chargedPins: 2 }],
  orphanedEvents: 0,
  callbacks: [callback],
  pushes: [{ transactionId: ID, atMs: 50 }],
};

/** Names of the checks that do not hold. */
const brokenIn = (change: Partial<Findings>): string[] =>
  Object.entries(CHECKS)
    .filter(([, check]) => check({ ...SOUND, ...change }).length > 0)
    .map(([name]) => name);
const kept = (change: Partial<KeptTransaction>): Partial<Findings> => ({
  transactions: [{ ...transaction, ...change }],
});
const alsoCalled = (...more: Call[]): Partial<Findings> => ({ calls: [...SOUND.calls, ...more] });

it('finds nothing wrong with a run that is sound', () => {
  expect(brokenIn({})).toEqual([]);
});

const ENDS = 'every acknowledged begin ends, once, in time';
const VIEWS = 'no view ever shows two final states';
const DECISIONS = 'an acknowledged decision is never replaced';
const ATTEMPTS = 'wrong answers are counted, and no more are taken than allowed';
const CALLBACKS = 'the portal is called back at least once, always alike, after the result is there';
const PUSHES = 'no more pushes than allowed, and none after the end';
const FOREIGN = 'no answer counts but that of the phone that was asked';
const EVENTS = 'no outcome without its event and receipt, no event without its transaction';

it.each<[string, string, Partial<Findings>]>([
  ['a transaction that was acknowledged and is lost', ENDS, { transactions: [] }],
  ['an approval after the deadline', ENDS, kept({ settledAtMs: 20_001 })],
  ['an end long after the deadline', ENDS, kept({ writtenAtMs: 26_000 })],
  ['a phone that was told otherwise', VIEWS, alsoCalled(call('deny', 'denied', { wanted: 'deny' }))],
  ['a result that changed', VIEWS, alsoCalled(call('result', 'expired'))],
  [
    'a recorded denial that was overruled',
    DECISIONS,
    { calls: [call('deny', 'recorded', { wanted: 'deny' })], enrolments: [] },
  ],
  [
    'an attempt that was not charged',
    ATTEMPTS,
    { enrolments: [{ id: 'enrolment-1', isRevoked: false, chargedPins: 1 }] },
  ],
  ['an attempt charged twice', ATTEMPTS, { enrolments: [{ id: 'enrolment-1', isRevoked: false, chargedPins: 3 }] }],
  ['no callback', CALLBACKS, { callbacks: [] }],
  ['a callback that was refused', CALLBACKS, { callbacks: [{ ...callback, answeredWith: 503 }] }],
  ['callbacks that differ', CALLBACKS, { callbacks: [callback, { ...callback, bodySha256: 'b' }] }],
  ['a callback before the result', CALLBACKS, alsoCalled(call('result_at_callback', 'pending'))],
  ['too many pushes', PUSHES, { pushes: Array(4).fill({ transactionId: ID, atMs: 50 }) }],
  ['a push after the end', PUSHES, { pushes: [{ transactionId: ID, atMs: 11_000 }] }],
  ['a foreign phone that was heard', FOREIGN, alsoCalled(call('answer_foreign', 'recorded'))],
  ['an outcome by a foreign answer', FOREIGN, kept({ evidenceEnrolmentId: 'enrolment-2' })],
  ['an outcome without event', EVENTS, kept({ outcomeEvents: 0 })],
  ['an outcome with two receipts', EVENTS, kept({ receipts: 2 })],
  ['an event of nothing', EVENTS, { orphanedEvents: 1 }],
])('finds %s', (_case, name, change) => {
  expect(brokenIn(change)).toContain(name);
});

it('finds more wrong PINs than are allowed', () => {
  const wrong = { wanted: 'approve', pin: 'wrong' } as const;
  const three = [1, 2, 3].map(() => call('answer', 'pin_wrong', wrong));
  const enrolments = [{ id: 'enrolment-1', isRevoked: false, chargedPins: 3 }];
  expect(brokenIn({ calls: [...three], enrolments })).toContain(ATTEMPTS);
  expect(brokenIn({ calls: three.slice(1), enrolments: [{ ...enrolments[0], chargedPins: 2 } as never] })).toEqual([]);
});

it('excuses a late end by the fault that lasted then', () => {
  const faults = [{ fault: 'both workers killed', fromMs: 18_000, toMs: 25_000 }];
  expect(brokenIn({ ...kept({ writtenAtMs: 30_000 }), faults })).toEqual([]);
});

it('draws the same again from the same seed, and for each name another', () => {
  const draw = (seed: number, name: string) => Array.from({ length: 5 }, createRandom(seed).fork(name).next);
  expect(draw(1, 'a')).toEqual(draw(1, 'a'));
  expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
  expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
});
