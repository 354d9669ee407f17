import { fillTables } from '../../bench/growth/fill-tables.ts';
import { eventOf } from '../../workflows/domain/events.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';
import { createFixture, type Enrolled, type Fixture } from '../db/fixture.ts';

const never = new AbortController().signal;
let fixture: Fixture;
let phone: Enrolled;

beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice');
});
afterAll(() => fixture.database.drop());

async function settleOne(): Promise<string> {
  const transactionId = await fixture.open(phone);
  const outcome: FinalState = { status: 'approved', settledAtMs: Date.now(), method: 'push' };
  await fixture.transactions.settle({
    ...{ transactionId, outcome, receipt: 'a receipt', event: eventOf(outcome) },
    evidence: { answer: 'an answer', answerSha256: 'its hash', enrolmentId: phone.enrolmentId },
  });
  return transactionId;
}

it('makes nothing out of nothing', async () => {
  await expect(fillTables(fixture.knex, 10, never)).rejects.toThrow('no transaction has run');
});

it('copies what really ran, with all that belongs to it, up to the number', async () => {
  const model = await settleOne();
  const events = await fixture.count('events', { transaction_id: model });
  await settleOne();
  await fixture.open(phone);
  await fillTables(fixture.knex, 30, never);
  expect(await fixture.count('transactions', { status: 'approved' })).toBe(30);
  expect(await fixture.count('transactions', { status: 'pending' })).toBe(1);
  expect(await fixture.count('receipts')).toBe(30);
  expect(await fixture.count('evidence')).toBe(30);

  const copies = await fixture.knex('transactions').whereLike('user_id', 'grown-%').orderBy('id');
  expect(copies).toHaveLength(28);
  const bornAtMs = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  for (const copy of copies) {
    // A UUID of version 7 that tells when the copy is said to have begun.
    expect(copy.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Math.abs(bornAtMs(copy.id) - copy.created_at.getTime())).toBeLessThanOrEqual(1);
    expect(copy.created_at.getTime()).toBeLessThan(Date.now());
    expect(await fixture.count('events', { transaction_id: copy.id, user_id: copy.user_id })).toBe(events);
  }
});

it('adds only what is missing the next time', async () => {
  await fillTables(fixture.knex, 30, never);
  expect(await fixture.count('transactions', { status: 'approved' })).toBe(30);
  await fillTables(fixture.knex, 35, never);
  expect(await fixture.count('transactions', { status: 'approved' })).toBe(35);
});

it('stops when it is told to', async () => {
  await expect(fillTables(fixture.knex, 100, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  expect(await fixture.count('transactions', { status: 'approved' })).toBe(35);
});
