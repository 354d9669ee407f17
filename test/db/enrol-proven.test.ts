import type { EnrolmentFields } from '../../api/ports.ts';
import { APPLICATION_ID, aPhone, createFixture, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.database.drop());

const aProvenPhone = (): EnrolmentFields => {
  const {
    ticketReference: _,
    ticketSecretSha256: __,
    ...fields
  } = aPhone({
    reference: 'none',
    secretSha256: Buffer.alloc(32),
  });
  return fields;
};
const userOf = (userId: string) => ({ userId, applicationId: APPLICATION_ID });

it('makes one enrolment of one phone that asks sixteen times at once', async () => {
  const phone = aProvenPhone();
  const results = await Promise.all(sixteen(() => fixture.enrolments.enrolProven(userOf('same-phone'), phone)));
  const [first] = results;
  expect(first).toMatchObject({ ok: true, userId: 'same-phone', applicationId: APPLICATION_ID });
  expect(results).toStrictEqual(Array(16).fill(first));
  expect(await fixture.count('enrolments', { user_id: 'same-phone' })).toBe(1);
  expect(await fixture.count('events', { user_id: 'same-phone' })).toBe(2);
});

it('enrols one of sixteen phones of one user at once where the mode allows one', async () => {
  const results = await Promise.all(
    sixteen(() => fixture.enrolments.enrolProven(userOf('many-phones'), aProvenPhone())),
  );
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(results.filter(({ ok }) => !ok)).toStrictEqual(
    Array(15).fill(expect.objectContaining({ ok: false, code: 'user_already_enrolled' })),
  );
});

it('knows the applications that there are', async () => {
  const result = await fixture.enrolments.enrolProven({ userId: 'lost', applicationId: 'no-app' }, aProvenPhone());
  expect(result).toStrictEqual({ ok: false, code: 'application_unknown' });
});
