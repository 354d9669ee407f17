import { randomUUID } from 'node:crypto';
import { createPushLog } from '../../db/push-log.ts';
import { APPLICATION_ID, aPhone, createFixture, type Enrolled, type Fixture, OTHER_APPLICATION_ID } from './fixture.ts';

let fixture: Fixture;
let early: Enrolled;

beforeAll(async () => {
  fixture = await createFixture();
  early = await fixture.enrol('before-versions', { appVersion: '0.9' });
  const version = (name: string, status: string, fields: object = {}) => ({
    application_id: APPLICATION_ID,
    platform: 'android',
    version: name,
    status,
    ...fields,
  });
  await fixture
    .knex('app_versions')
    .insert([
      version('1.0', 'DISABLED'),
      version('2.0', 'LOGIN_ONLY'),
      version('3.0', 'LOGIN_REGISTRATION', { push_configuration_id: fixture.pushConfigurationIds.ios }),
      version('4.0', 'LOGIN_REGISTRATION'),
    ]);
});
afterAll(() => fixture.database.drop());

const enrolWith = async (appVersion: string | undefined, applicationId = APPLICATION_ID) =>
  fixture.enrolments.enrol(aPhone(await fixture.ticketFor(randomUUID(), applicationId), { appVersion }));
const admit = async (phone: Enrolled, appVersion?: string) =>
  fixture.enrolments.admitProof(phone.enrolmentId, randomUUID(), 121, appVersion);

it.each([
  ['one that may register', '3.0', true],
  ['one that may only log in', '2.0', false],
  ['one that is disabled', '1.0', false],
  ['one that is not listed', '5.0', false],
  ['one that is not told', undefined, false],
])('an app of a listed application enrols users with %s: %s → %s', async (_name, version, isTaken) => {
  const result = await enrolWith(version);
  expect(result).toMatchObject(isTaken ? { ok: true } : { ok: false, code: 'app_version_disabled' });
});

it('an application without versions takes every one', async () => {
  expect(await enrolWith(undefined, OTHER_APPLICATION_ID)).toMatchObject({ ok: true });
  expect(await enrolWith('0.1', OTHER_APPLICATION_ID)).toMatchObject({ ok: true });
});

it('a version of the other platform is another one', async () => {
  const ticket = await fixture.ticketFor('apple');
  const phone = aPhone(ticket, { appVersion: '3.0', platform: 'ios' });
  expect(await fixture.enrolments.enrol(phone)).toMatchObject({ ok: false, code: 'app_version_disabled' });
});

it('a refused enrolment leaves the ticket good', async () => {
  const phone = aPhone(await fixture.ticketFor('updates-first'), { appVersion: '1.0' });
  expect(await fixture.enrolments.enrol(phone)).toMatchObject({ ok: false });
  expect(await fixture.enrolments.enrol({ ...phone, appVersion: '3.0' })).toMatchObject({ ok: true });
});

it('an enrolled phone is served by the version that it names, or named last', async () => {
  expect(await admit(early)).toBe('app_version_disabled');
  expect(await admit(early, '1.0')).toBe('app_version_disabled');
  expect(await admit(early, '2.0')).toMatchObject(early);
  expect(await admit(early)).toMatchObject(early);
  expect(await admit(early, '5.0')).toBe('app_version_disabled');
});

it('a push goes by the configuration of the version where it has one', async () => {
  const pushLog = createPushLog(fixture.knex, fixture.keyring);
  const configurationFor = async (phone: Enrolled) =>
    (await pushLog.findDue(await fixture.open(phone), 0))?.pushConfigurationId;
  const phone = await fixture.enrol('pushed', { appVersion: '3.0' });
  expect(await configurationFor(phone)).toBe(fixture.pushConfigurationIds.ios);
  await admit(phone, '4.0');
  expect(await configurationFor(phone)).toBe(fixture.pushConfigurationIds.android);
});
