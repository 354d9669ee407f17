import { v7 as uuidv7 } from 'uuid';
import type { Settlement } from '../../activities/ports.ts';
import { eventOf } from '../../workflows/domain/events.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';
import { APPLICATION_ID, CLIENT_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
let phone: Enrolled;

beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice');
});

afterAll(() => fixture.database.drop());

function settlementOf(transactionId: string, outcome: FinalState, answer?: string): Settlement {
  return {
    transactionId,
    outcome,
    receipt: `receipt ${outcome.status} ${outcome.settledAtMs}`,
    event: eventOf(outcome),
    ...(answer !== undefined && {
      evidence: { answer, answerSha256: `sha of ${answer}`, enrolmentId: phone.enrolmentId },
    }),
  };
}

const approved = (settledAtMs: number): FinalState => ({ status: 'approved', settledAtMs, method: 'push' });

it('lets one of sixteen settlements at once stand, and tells all of them which', async () => {
  const transactionId = await fixture.open(phone);
  const outcomes = sixteen((index): FinalState => {
    const settledAtMs = 1_800_000_000_000 + index;
    return index % 2 ? approved(settledAtMs) : { status: 'denied', settledAtMs, by: 'user', reason: 'not_me' };
  });
  const results = await Promise.all(
    outcomes.map((outcome, index) =>
      fixture.transactions.settle(settlementOf(transactionId, outcome, `answer ${index}`)),
    ),
  );

  expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
  const [standing, ...others] = results.map(({ isNew: _isNew, ...rest }) => rest);
  expect(others).toStrictEqual(Array(15).fill(standing));
  const winner = outcomes.findIndex(({ settledAtMs }) => settledAtMs === standing?.outcome.settledAtMs);
  expect(standing).toStrictEqual({ outcome: outcomes[winner], answerSha256: `sha of answer ${winner}` });

  const [row] = await fixture.knex('transactions').where({ id: transactionId });
  expect(row).toMatchObject({ status: standing?.outcome.status, outcome: standing?.outcome });
  expect(row.settled_at.getTime()).toBe(standing?.outcome.settledAtMs);
  expect(await fixture.knex('evidence').where({ transaction_id: transactionId })).toMatchObject([
    { enrolment_id: phone.enrolmentId, answer: `answer ${winner}`, answer_sha256: `sha of answer ${winner}` },
  ]);
  expect(await fixture.knex('receipts').where({ transaction_id: transactionId })).toMatchObject([
    { receipt: `receipt ${standing?.outcome.status} ${standing?.outcome.settledAtMs}` },
  ]);
  expect(await fixture.eventsOf(transactionId)).toStrictEqual([
    'PUSH_AUTH_INITIALIZED',
    eventOf(standing?.outcome as FinalState).name,
  ]);
});

it.each<FinalState>([
  approved(1),
  { status: 'denied', settledAtMs: 1, by: 'user' },
  { status: 'denied', settledAtMs: 1, by: 'operator', reason: 'not_me' },
  { status: 'failed', settledAtMs: 1, reason: 'failed_to_send' },
  { status: 'expired', settledAtMs: 1 },
  { status: 'cancelled', settledAtMs: 1, by: 'portal' },
])('keeps %j as it is, and gives it back when it is settled again', async (outcome) => {
  const transactionId = await fixture.open(phone);
  const standing = { outcome, answerSha256: null };
  const first = await fixture.transactions.settle(settlementOf(transactionId, outcome));
  expect(first).toStrictEqual({ ...standing, isNew: true });
  const later = outcome.status === 'approved' ? { status: 'expired', settledAtMs: 2 } : approved(2);
  const again = await fixture.transactions.settle(settlementOf(transactionId, later as FinalState, 'a late answer'));
  expect(again).toStrictEqual({ ...standing, isNew: false });
  expect(await fixture.count('evidence', { transaction_id: transactionId })).toBe(0);
  expect(await fixture.count('receipts', { transaction_id: transactionId })).toBe(1);
  expect(await fixture.eventsOf(transactionId)).toHaveLength(2);
});

it('tells the event with its details and everything an auditor looks for', async () => {
  const transactionId = await fixture.open(phone);
  const outcome: FinalState = { status: 'denied', settledAtMs: 1, by: 'user', reason: 'not_me' };
  await fixture.transactions.settle(settlementOf(transactionId, outcome));
  expect(
    await fixture.knex('events').where({ transaction_id: transactionId }).orderBy('id', 'desc').first(),
  ).toMatchObject({
    name: 'MOBILE_AUTH_NOT_AUTHENTICATED',
    details: { by: 'user', reason: 'not_me' },
    user_id: 'alice',
    client_id: CLIENT_ID,
    application_id: APPLICATION_ID,
    device_id: phone.deviceId,
  });
});

it('writes nothing for a transaction that was never opened, and lets the outcome stand', async () => {
  const transactionId = uuidv7();
  const result = await fixture.transactions.settle(settlementOf(transactionId, approved(1), 'an answer'));
  expect(result).toStrictEqual({ outcome: approved(1), answerSha256: 'sha of an answer', isNew: true });
  expect(await fixture.count('transactions', { id: transactionId })).toBe(0);
  expect(await fixture.count('evidence', { transaction_id: transactionId })).toBe(0);
  expect(await fixture.eventsOf(transactionId)).toStrictEqual([]);
});

it('leaves nothing half done when a part can not be written', async () => {
  const transactionId = await fixture.open(phone);
  const broken = settlementOf(transactionId, approved(1), 'an answer');
  const evidence = { answer: 'an answer', answerSha256: 'sha', enrolmentId: 'no uuid' };
  await expect(fixture.transactions.settle({ ...broken, evidence })).rejects.toThrow();
  expect(await fixture.count('transactions', { id: transactionId, status: 'pending' })).toBe(1);
  expect(await fixture.eventsOf(transactionId)).toStrictEqual(['PUSH_AUTH_INITIALIZED']);
});

it('settles nothing without a receipt', async () => {
  const transactionId = await fixture.open(phone);
  const settling = fixture.transactions.settle({ ...settlementOf(transactionId, approved(1)), receipt: null });
  await expect(settling).rejects.toThrow('violates not-null constraint');
  expect(await fixture.count('transactions', { id: transactionId, status: 'pending' })).toBe(1);
  expect(await fixture.count('receipts', { transaction_id: transactionId })).toBe(0);
});

it('touches no other transaction', async () => {
  const [one, two] = await Promise.all([fixture.open(phone), fixture.open(phone)]);
  await fixture.transactions.settle(settlementOf(one, approved(1)));
  expect(await fixture.count('transactions', { id: two, status: 'pending' })).toBe(1);
});
