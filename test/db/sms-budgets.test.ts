import { createSmsLog } from '../../db/sms-log.ts';
import { sixteen } from './fixture.ts';
import { createSmsFixture, type SmsFixture } from './sms-fixture.ts';

const LEASE_MS = 60_000;

let fixture: SmsFixture;
let log: ReturnType<typeof createSmsLog>;

beforeAll(async () => {
  fixture = await createSmsFixture();
  log = createSmsLog(fixture.knex, fixture.keyring);
});

beforeEach(() => fixture.setUp({}));

afterAll(() => fixture.database.drop());

const numberOf = (index: number) => `+316123456${String(index).padStart(2, '0')}`;

/** The hour turns while the tests run once in a while: what was charged before it counts no more, in earnest too. */
async function usedOf(scope: string): Promise<number[]> {
  return (await fixture.knex('sms_budgets').where({ scope }).select('used')).map(({ used }) => used);
}

async function chargeAll(numbers: readonly string[], clients: readonly string[] = ['portal']) {
  const ids = await Promise.all(
    numbers.map((number, index) => fixture.openSms(number, { clientId: clients[index % clients.length] as string })),
  );
  return Promise.all(ids.map((id) => log.charge(id, 0, LEASE_MS)));
}

it.each([
  ['number', { sms_per_number_per_hour: 5 }, sixteen(() => numberOf(1))],
  ['client', { sms_per_client_per_hour: 5 }, sixteen(numberOf)],
  ['day', { sms_per_day: 5 }, sixteen(numberOf)],
] as const)('exactly the budget of the %s passes when sixteen come at once', async (budget, settings, numbers) => {
  await fixture.setUp(settings);
  const charges = await chargeAll(numbers);
  expect(charges.filter(({ ok }) => ok)).toHaveLength(5);
  const refused = charges.filter((charge) => !charge.ok);
  expect(refused).toHaveLength(11);
  for (const charge of refused) {
    expect(charge).toMatchObject({ ok: false, failure: 'budget_exceeded', budget });
    const { retryAfterSeconds } = charge as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(budget === 'day' ? 86_400 : 3_600);
  }
});

it('what is refused by one budget costs the others nothing', async () => {
  await fixture.setUp({ sms_per_number_per_hour: 3 });
  await chargeAll(sixteen(() => numberOf(1)));
  expect(await usedOf('number')).toStrictEqual([3]);
  expect(await usedOf('client')).toStrictEqual([3]);
  expect(await usedOf('day')).toStrictEqual([3]);
  await fixture.setUp({ sms_per_day: 3 });
  await chargeAll(sixteen(numberOf));
  expect((await usedOf('number')).reduce((sum, used) => sum + used, 0)).toBe(3);
  expect(await usedOf('client')).toStrictEqual([3]);
});

it('a number that is used up takes nothing from another, nor a client from another', async () => {
  await fixture.setUp({ sms_per_number_per_hour: 1 });
  expect((await chargeAll([numberOf(1), numberOf(2), numberOf(3)])).every(({ ok }) => ok)).toBe(true);
  await fixture.setUp({ sms_per_client_per_hour: 1 });
  const charges = await chargeAll([numberOf(1), numberOf(2), numberOf(3)], ['one', 'two', 'three']);
  expect(charges.every(({ ok }) => ok)).toBe(true);
});

it('is full again in the next hour, or the next day', async () => {
  await fixture.setUp({ sms_per_number_per_hour: 1 });
  expect((await chargeAll([numberOf(1)]))[0]?.ok).toBe(true);
  expect((await chargeAll([numberOf(1)]))[0]?.ok).toBe(false);
  await fixture.knex('sms_budgets').update({ window_start: fixture.knex.raw("window_start - interval '1 hour'") });
  expect((await chargeAll([numberOf(1)]))[0]?.ok).toBe(true);
});

it('counts by a limit that was changed meanwhile', async () => {
  await fixture.setUp({ sms_per_number_per_hour: 1 });
  await chargeAll([numberOf(1)]);
  await fixture.knex('general_settings').update({ sms_per_number_per_hour: 2 });
  expect((await chargeAll([numberOf(1)]))[0]?.ok).toBe(true);
  expect((await chargeAll([numberOf(1)]))[0]?.ok).toBe(false);
});

it('tells operators once a day that the ceiling is reached', async () => {
  await fixture.setUp({ sms_per_day: 4 });
  await fixture.knex('events').delete();
  await chargeAll(sixteen(numberOf));
  await chargeAll([numberOf(20)]);
  const alarms = await fixture.knex('events').where({ name: 'SMS_DAILY_CEILING_REACHED' });
  expect(alarms).toMatchObject([{ details: { sent: 4 }, user_id: null, client_id: null }]);
});

it('forgets what is two days old', async () => {
  await chargeAll([numberOf(1)]);
  await fixture.knex('sms_budgets').update({ window_start: fixture.knex.raw("window_start - interval '49 hours'") });
  await chargeAll([numberOf(2)]);
  expect(await fixture.count('sms_budgets')).toBe(3);
});
