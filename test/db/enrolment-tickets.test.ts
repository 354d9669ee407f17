import { randomBytes } from 'node:crypto';
import { APPLICATION_ID, aPhone, CLIENT_ID, createFixture, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});

afterAll(() => fixture.database.drop());

it('enrols one of sixteen phones that bring one ticket at once', async () => {
  const ticket = await fixture.ticketFor('one-ticket');
  const phones = sixteen(() => aPhone(ticket));
  const results = await Promise.all(phones.map((phone) => fixture.enrolments.enrol(phone)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(results.filter(({ ok }) => !ok)).toStrictEqual(Array(15).fill({ ok: false, code: 'ticket_invalid' }));
  expect(await fixture.count('enrolments', { user_id: 'one-ticket' })).toBe(1);
  expect(await fixture.count('events', { user_id: 'one-ticket' })).toBe(3);
  const [winner] = await fixture.enrolments.listEnrolled('one-ticket');
  expect(phones.map(({ deviceId }) => deviceId)).toContain(winner?.deviceId);
  const left = await fixture.knex('devices').whereIn(
    'id',
    phones.map(({ deviceId }) => deviceId),
  );
  expect(left).toHaveLength(1);
});

it('gives one enrolment to one phone that asks sixteen times at once, its replies being lost', async () => {
  const phone = aPhone(await fixture.ticketFor('lost-replies'));
  const results = await Promise.all(sixteen(() => fixture.enrolments.enrol(phone)));
  const [first] = results;
  expect(first).toMatchObject({ ok: true, userId: 'lost-replies', applicationId: APPLICATION_ID });
  expect(results).toStrictEqual(Array(16).fill(first));
  expect(await fixture.count('enrolments', { user_id: 'lost-replies' })).toBe(1);
  expect(await fixture.count('events', { user_id: 'lost-replies' })).toBe(3);
});

it.each([
  ['another phone', { deviceId: 'f'.repeat(64) }],
  ['another signing key', { signingKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'other' } as const }],
  ['another OpenPGP key', { pgpPublicKey: 'other' }],
  ['another secret', { ticketSecretSha256: randomBytes(32) }],
])('does not repeat an enrolment to %s', async (name, fields) => {
  const phone = aPhone(await fixture.ticketFor(`repeat to ${name}`));
  await expect(fixture.enrolments.enrol(phone)).resolves.toMatchObject({ ok: true });
  const again = await fixture.enrolments.enrol({ ...phone, ...fields });
  expect(again).toStrictEqual({ ok: false, code: 'ticket_invalid' });
});

it('does not repeat an enrolment that was revoked meanwhile', async () => {
  const phone = aPhone(await fixture.ticketFor('repeat-revoked'));
  const first = await fixture.enrolments.enrol(phone);
  if (first.ok) await fixture.revoke(first.enrolmentId);
  await expect(fixture.enrolments.enrol(phone)).resolves.toStrictEqual({ ok: false, code: 'ticket_invalid' });
});

it('refuses a ticket that has expired', async () => {
  const ticket = await fixture.ticketFor('expired', APPLICATION_ID, 0);
  await expect(fixture.enrolments.enrol(aPhone(ticket))).resolves.toStrictEqual({ ok: false, code: 'ticket_invalid' });
  expect(await fixture.count('enrolments', { user_id: 'expired' })).toBe(0);
});

it('refuses a ticket with the secret of another, and takes it with its own afterwards', async () => {
  const [one, two] = await Promise.all([fixture.ticketFor('secret-one'), fixture.ticketFor('secret-two')]);
  const crossed = { reference: one.reference, secretSha256: two.secretSha256 };
  await expect(fixture.enrolments.enrol(aPhone(crossed))).resolves.toStrictEqual({ ok: false, code: 'ticket_invalid' });
  await expect(fixture.enrolments.enrol(aPhone(one))).resolves.toMatchObject({ ok: true, userId: 'secret-one' });
});

it('refuses a ticket that nobody made', async () => {
  const unknown = { reference: '0190a000-0000-7000-8000-000000000001', secretSha256: randomBytes(32) };
  await expect(fixture.enrolments.enrol(aPhone(unknown))).resolves.toStrictEqual({ ok: false, code: 'ticket_invalid' });
});

it('makes tickets that end when they were said to', async () => {
  const before = Date.now();
  const ticket = await fixture.tickets.create({
    userId: 'lifetime',
    applicationId: APPLICATION_ID,
    clientId: CLIENT_ID,
    lifetimeSeconds: 3_600,
    secretSha256: randomBytes(32),
  });
  const expiresAtMs = ticket?.expiresAt.getTime() ?? 0;
  expect(expiresAtMs).toBeGreaterThanOrEqual(before + 3_600_000 - 1_000);
  expect(expiresAtMs).toBeLessThanOrEqual(Date.now() + 3_600_000 + 1_000);
});

it('makes no ticket for an application that does not exist', async () => {
  const ticket = await fixture.tickets.create({
    userId: 'nobody',
    applicationId: 'absent',
    clientId: CLIENT_ID,
    lifetimeSeconds: 60,
    secretSha256: randomBytes(32),
  });
  expect(ticket).toBeUndefined();
  expect(await fixture.count('enrolment_tickets', { user_id: 'nobody' })).toBe(0);
});
