import { createSmsDeliveryStore } from '../../db/sms-deliveries.ts';
import { createSmsLog } from '../../db/sms-log.ts';
import { DELIVERY_RANKS, type DeliveryStage, deliveryStageOf } from '../../workflows/domain/sms-delivery.ts';
import { createSmsFixture, type SmsFixture } from './sms-fixture.ts';

const STAGES = Object.keys(DELIVERY_RANKS) as DeliveryStage[];
const EVENT = 'SMS_DELIVERY_FAILED';

let fixture: SmsFixture;
let deliveries: ReturnType<typeof createSmsDeliveryStore>;
let log: ReturnType<typeof createSmsLog>;

beforeAll(async () => {
  fixture = await createSmsFixture();
  deliveries = createSmsDeliveryStore(fixture.knex);
  log = createSmsLog(fixture.knex, fixture.keyring);
});

afterAll(() => fixture.database.drop());

async function sent(): Promise<string> {
  const transactionId = await fixture.openSms();
  await log.charge(transactionId, 0, 60_000);
  await log.recordSent(transactionId, 0, { gateway: 'main', providerMessageId: 'SM1' });
  return transactionId;
}

const tell = (transactionId: string, stage: DeliveryStage, fields: { code?: string; id?: string } = {}) =>
  deliveries.record({
    transactionId,
    step: 0,
    providerMessageId: fields.id ?? 'SM1',
    stage,
    code: fields.code ?? null,
  });

const sendOf = (transactionId: string) => fixture.knex('sms_sends').where({ transaction_id: transactionId }).first();

it('keeps the last stage, and when each was told', async () => {
  const transactionId = await sent();
  for (const stage of ['queued', 'sent', 'delivered'] as const) await tell(transactionId, stage);
  const { delivery_stage, delivery_times } = await sendOf(transactionId);
  expect(delivery_stage).toBe('delivered');
  expect(Object.keys(delivery_times).sort()).toStrictEqual(['delivered', 'queued', 'sent']);
  for (const time of Object.values(delivery_times)) expect(new Date(time as string).getTime()).toBeGreaterThan(0);
});

it.each([
  ['sent', 'queued'],
  ['delivered', 'sent'],
  ['delivered', 'failed'],
  ['undelivered', 'delivered'],
  ['sent', 'sent'],
] as const)('does not go back from %s to %s', async (stage, older) => {
  const transactionId = await sent();
  await tell(transactionId, stage);
  const before = await sendOf(transactionId);
  await tell(transactionId, older);
  expect(await sendOf(transactionId)).toStrictEqual(before);
});

it('ends in one of the ends, in whatever order all reports come at once', async () => {
  const transactionId = await sent();
  await Promise.all([...STAGES, ...STAGES].map((stage) => tell(transactionId, stage)));
  const { delivery_stage } = await sendOf(transactionId);
  expect(['delivered', 'undelivered', 'failed']).toContain(delivery_stage);
  expect((await fixture.eventsOf(transactionId)).filter((name) => name === EVENT).length).toBe(
    delivery_stage === 'delivered' ? 0 : 1,
  );
  expect((await fixture.eventsOf(transactionId)).filter((name) => name === 'SMS_DELIVERED').length).toBe(
    delivery_stage === 'delivered' ? 1 : 0,
  );
});

it('tells once of a message that will not arrive, and why', async () => {
  const transactionId = await sent();
  await tell(transactionId, 'sent');
  await tell(transactionId, 'undelivered', { code: '30003' });
  await tell(transactionId, 'undelivered', { code: '30003' });
  const events = await fixture.knex('events').where({ transaction_id: transactionId, name: EVENT });
  expect(events).toMatchObject([
    { details: { step: 0, stage: 'undelivered', code: '30003', gateway: 'main' }, user_id: 'alice' },
  ]);
});

it('takes a report that is here before the hand-over is recorded', async () => {
  const transactionId = await fixture.openSms();
  await log.charge(transactionId, 0, 60_000);
  await tell(transactionId, 'sent');
  await log.recordSent(transactionId, 0, { gateway: 'main', providerMessageId: 'SM1' });
  expect(await sendOf(transactionId)).toMatchObject({ provider_message_id: 'SM1', delivery_stage: 'sent' });
});

it('takes no report about another message, or another step', async () => {
  const transactionId = await sent();
  await tell(transactionId, 'delivered', { id: 'SM2' });
  await deliveries.record({ transactionId, step: 1, providerMessageId: 'SM1', stage: 'delivered', code: null });
  expect((await sendOf(transactionId)).delivery_stage).toBeNull();
  expect(await fixture.count('sms_sends', { transaction_id: transactionId })).toBe(1);
});

it.each(['read', 'canceled', 'toString', '', undefined, 5])('knows no stage %j', (name) => {
  expect(deliveryStageOf(name)).toBeUndefined();
});
