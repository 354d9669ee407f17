import type { ArrivedCallback } from '../../faults/callback-portal.ts';
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
  callbackUri: 'http://127.0.0.1/callback',
  phoneNumber: null,
  smsSteps: 0,
  smsRuns: 0,
  chargedCodes: 0,
};
const NUMBER = '+31610000001';
/** One that went on by SMS, and was approved by the second code that was brought back. */
const BY_SMS: KeptTransaction = {
  ...transaction,
  ...{ id: 'transaction-2', phoneNumber: NUMBER, smsSteps: 1, smsRuns: 1, chargedCodes: 2 },
  ...{ evidenceEnrolmentId: null, method: 'push' },
};
const call = (operation: Call['operation'], says: string, more: Partial<Call> = {}): Call => ({
  ...{ client: 'client-1', operation, transactionId: ID, enrolmentId: 'enrolment-1' },
  ...{ startedAtMs: 4_000, endedAtMs: 5_020, outcome: 'acknowledged', says, ...more },
});
const bySms = (operation: Call['operation'], says: string, more: Partial<Call> = {}): Call =>
  call(operation, says, { transactionId: BY_SMS.id, ...more });
const wrongCode = bySms('verify', '3003', { outcome: 'refused', code: 'wrong' });
const callback: ArrivedCallback = {
  ...{ transactionId: ID, webhookId: ID, atMs: 5_100, stampedAtMs: 5_000, bodySha256: 'a' },
  ...{ isSigned: true, answeredWith: 204 },
};

/** A run in which one PIN was wrong and the next one right, and everything is as it should be. */
const SOUND: Findings = {
  calls: [
    call('begin', 'push', { startedAtMs: 0, endedAtMs: 100 }),
    call('answer', 'pin_wrong', { wanted: 'approve', pin: 'wrong', startedAtMs: 1_000, endedAtMs: 2_000 }),
    call('answer', 'approved', { wanted: 'approve', pin: 'right' }),
    call('answer_foreign', 'transaction_unknown', { outcome: 'refused', enrolmentId: 'enrolment-2' }),
    call('result_at_callback', 'approved'),
    bySms('begin', 'sms', { startedAtMs: 0, endedAtMs: 100 }),
    wrongCode,
    bySms('verify', 'approved', { code: 'right' }),
  ],
  faults: [],
  transactions: [transaction, BY_SMS],
  enrolments: [{ id: 'enrolment-1', isRevoked: false, chargedPins: 2 }],
  orphanedEvents: 0,
  callbacks: [callback, { ...callback, transactionId: BY_SMS.id, webhookId: BY_SMS.id }],
  pushes: [{ transactionId: ID, atMs: 50 }],
  messages: [{ phoneNumber: NUMBER, atMs: 60 }],
  diskWay: 'not at all',
  ownEndings: {},
};

/** Names of the checks that do not hold. */
const brokenIn = (change: Partial<Findings>): string[] =>
  Object.entries(CHECKS)
    .filter(([, check]) => check({ ...SOUND, ...change }).length > 0)
    .map(([name]) => name);
const kept = (change: Partial<KeptTransaction>): Partial<Findings> => ({
  transactions: [{ ...transaction, ...change }, BY_SMS],
});
const keptBySms = (change: Partial<KeptTransaction>): Partial<Findings> => ({
  transactions: [transaction, { ...BY_SMS, ...change }],
});
const called = (change: Partial<ArrivedCallback>): Partial<Findings> => ({
  callbacks: [...SOUND.callbacks, { ...callback, ...change }],
});
const alsoCalled = (...more: Call[]): Partial<Findings> => ({ calls: [...SOUND.calls, ...more] });

it('finds nothing wrong with a run that is sound', () => {
  expect(brokenIn({})).toEqual([]);
});

const ENDS = 'every acknowledged begin ends, once, in time';
const VIEWS = 'no view ever shows two final states';
const DECISIONS = 'an acknowledged decision is never replaced';
const ATTEMPTS = 'wrong answers are counted, and no more are taken than allowed';
const CODES = 'codes by SMS are counted, and good once';
const CALLBACKS = 'the portal is called back at least once, always alike and signed, after the result is there';
const PUSHES = 'no more pushes than allowed, and none after the end';
const FALLBACK = 'one fallback at most: no SMS for what was pushed, and no more of them than allowed';
const FOREIGN = 'no answer counts but that of the phone that was asked';
const EVENTS = 'no outcome without its event and receipt, no event without its transaction';

it.each<[string, string, Partial<Findings>]>([
  ['a transaction that was acknowledged and is lost', ENDS, { transactions: [] }],
  ['an approval after the deadline', ENDS, kept({ settledAtMs: 20_001 })],
  ['an end long after the deadline', ENDS, kept({ writtenAtMs: 30_000 })],
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
  ['callbacks that differ', CALLBACKS, called({ bodySha256: 'b' })],
  ['a callback that is not signed', CALLBACKS, called({ isSigned: false })],
  ['a callback of another id', CALLBACKS, called({ webhookId: 'another' })],
  ['a callback of another time', CALLBACKS, called({ stampedAtMs: 3_600_000 })],
  ['a callback before the result', CALLBACKS, alsoCalled(call('result_at_callback', 'pending'))],
  ['a wrong code that was taken', CODES, alsoCalled(bySms('verify', 'approved', { code: 'wrong' }))],
  ['a code that was good twice', CODES, alsoCalled(bySms('verify', 'approved', { code: 'right' }))],
  ['a code that was not charged', CODES, keptBySms({ chargedCodes: 1 })],
  ['a code that was charged twice', CODES, keptBySms({ chargedCodes: 3 })],
  [
    'codes judged past the limit',
    CODES,
    { ...alsoCalled(...Array(3).fill(wrongCode)), ...keptBySms({ chargedCodes: 5 }) },
  ],
  ['a last code that ended nothing', CODES, { ...alsoCalled(wrongCode, wrongCode), ...keptBySms({ chargedCodes: 4 }) }],
  ['an SMS beside the push', FALLBACK, alsoCalled(bySms('begin', 'push', { startedAtMs: 0, endedAtMs: 100 }))],
  ['a second fallback', FALLBACK, { messages: [...SOUND.messages, ...SOUND.messages] }],
  ['more SMS than allowed', FALLBACK, keptBySms({ smsSteps: 4, smsRuns: 4 })],
  ['an SMS after the end', FALLBACK, { messages: [{ phoneNumber: NUMBER, atMs: 11_000 }] }],
  ['too many pushes', PUSHES, { pushes: Array(4).fill({ transactionId: ID, atMs: 50 }) }],
  ['a push after the end', PUSHES, { pushes: [{ transactionId: ID, atMs: 11_000 }] }],
  [
    'a push of what goes by SMS alone',
    PUSHES,
    { ...keptBySms({ method: 'sms' }), pushes: [{ transactionId: BY_SMS.id, atMs: 50 }] },
  ],
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
  expect(
    brokenIn({
      calls: [...three.slice(1), ...SOUND.calls.filter((it) => it.transactionId === BY_SMS.id)],
      enrolments: [{ ...enrolments[0], chargedPins: 2 } as never],
    }),
  ).toEqual([]);
});

const fault = { fault: 'both workers killed', delaysEnds: true, fromMs: 18_000, toMs: 25_000 };

it('excuses a late end by a fault of the engine that lasted then, and by no other', () => {
  const late = kept({ writtenAtMs: 30_000 });
  expect(brokenIn({ ...late, faults: [fault] })).toEqual([]);
  expect(brokenIn({ ...late, faults: [{ ...fault, fault: 'portal hangs', delaysEnds: false }] })).toEqual([ENDS]);
  expect(brokenIn({ ...late, faults: [{ ...fault, fromMs: 31_000, toMs: 32_000 }] })).toEqual([ENDS]);
});

it('gives a slow machine as many seconds as its reads need, and nothing for reads that a fault held up', () => {
  const slowRead = call('result', 'approved', { startedAtMs: 19_000, endedAtMs: 20_000 });
  const late = { ...kept({ writtenAtMs: 28_500 }), ...alsoCalled(slowRead) };
  expect(brokenIn(late)).toEqual([]);
  expect(brokenIn({ ...late, faults: [{ ...fault, fromMs: -90_000, toMs: -50_000 }] })).toEqual([]);
  expect(brokenIn({ ...late, ...kept({ writtenAtMs: 33_000 }) })).toEqual([ENDS]);
});

it('allows one more push for a run that a worker lost', () => {
  const four = { pushes: Array(4).fill({ transactionId: ID, atMs: 50 }) };
  const killed = { ...fault, fault: 'worker killed', fromMs: 40, toMs: 60 };
  expect(brokenIn({ ...four, faults: [killed] })).toEqual([]);
  expect(brokenIn({ ...four, faults: [{ ...killed, fault: 'disk full' }] })).toEqual([PUSHES]);
  expect(brokenIn({ ...four, faults: [{ ...killed, fromMs: 6_000, toMs: 7_000 }] })).toEqual([PUSHES]);
});

it('takes the time of a worker whose clock was moved for what it is', () => {
  const wrong = called({ stampedAtMs: 3_600_000 });
  const faults = [{ ...fault, fault: 'clock of a worker an hour ahead', fromMs: 5_000, toMs: 6_000 }];
  expect(brokenIn({ ...wrong, faults })).toEqual([]);
});

it('draws the same again from the same seed, and for each name another', () => {
  const draw = (seed: number, name: string) => Array.from({ length: 5 }, createRandom(seed).fork(name).next);
  expect(draw(1, 'a')).toEqual(draw(1, 'a'));
  expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
  expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
});

it('lets codes end what a denial was recorded for, as they may have come before it', () => {
  const denial = call('deny', 'recorded', { wanted: 'deny' });
  const code = call('verify', 'sms_code_wrong', { outcome: 'refused', code: 'wrong' });
  expect(brokenIn({ calls: [denial], enrolments: [] })).toContain(DECISIONS);
  expect(brokenIn({ calls: [code, denial], enrolments: [] })).not.toContain(DECISIONS);
});
