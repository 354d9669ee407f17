import { createPushLog } from '../../db/push-log.ts';
import { APPLICATION_ID, createFixture, type Enrolled, type Fixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.database.drop());

/** A phone whose app says that it is this version; configured so where there are fields. */
async function phoneWith(version: string, fields?: Readonly<Record<string, unknown>>): Promise<Enrolled> {
  const where = { application_id: APPLICATION_ID, platform: 'ios', version };
  if (fields) await fixture.knex('app_versions').insert({ ...where, status: 'LOGIN_REGISTRATION', ...fields });
  return fixture.enrol(`user of ${version}`, { platform: 'ios', appVersion: version });
}

async function apnsOf(phone: Enrolled, transactionId?: string) {
  const due = await createPushLog(fixture.knex, fixture.keyring).findDue(
    transactionId ?? (await fixture.open(phone)),
    0,
  );
  return due?.apns;
}

it("is the application's id in production where nothing is configured", async () => {
  const phone = await phoneWith('2.0');
  expect(await apnsOf(phone)).toStrictEqual({ topic: APPLICATION_ID, environment: 'production', badge: null });
});

it('is the bundle id of the app version, in its environment', async () => {
  const phone = await phoneWith('1.0', {
    application_bundle_identifier: 'com.example.bank',
    use_apns_development_environment: true,
  });
  expect(await apnsOf(phone)).toStrictEqual({ topic: 'com.example.bank', environment: 'development', badge: null });
});

it('counts the pushes that wait for this enrolment as the badge, and nothing that has ended or belongs to others', async () => {
  const phone = await phoneWith('3.0', { send_badge_number: true });
  const other = await fixture.enrol('somebody else', { platform: 'ios', appVersion: '3.0' });
  const [first] = [await fixture.open(phone), await fixture.open(other)];
  expect((await apnsOf(phone, first))?.badge).toBe(1);
  const second = await fixture.open(phone);
  expect((await apnsOf(phone, second))?.badge).toBe(2);
  const oneTimeCode = await fixture.open(phone);
  await fixture.knex('transactions').where({ id: oneTimeCode }).update({ method: 'otp' });
  await fixture.open(phone, {}, { createdAtMs: Date.now() - 120_000, deadlineMs: Date.now() - 60_000 });
  await fixture.knex('transactions').where({ id: first }).update({ status: 'denied', outcome: '{}' });
  expect((await apnsOf(phone, second))?.badge).toBe(1);
});
