import { createOneSpanDomainStore } from '../../db/onespan-domains.ts';
import { createOneSpanUserStore } from '../../db/onespan-users.ts';
import { APPLICATION_ID, createFixture, type Fixture, sixteen } from './fixture.ts';

const LIMIT = 5;

let fixture: Fixture;
let users: ReturnType<typeof createOneSpanUserStore>;

beforeAll(async () => {
  fixture = await createFixture();
  users = createOneSpanUserStore(fixture.knex);
  await fixture
    .knex('authentication_types')
    .insert({ name: 'push', method: 'push', time_to_live_seconds: 60, max_resends: 0 });
  const put = await createOneSpanDomainStore(fixture.knex).put(
    {
      ...{ name: 'bank', isDefault: true, applicationId: APPLICATION_ID, typeName: 'push', clientIds: [] },
      ...{ requestMethod: 'Default', keywords: [{ keyword: 'push', method: 'push' }], transactionMethod: 'push' },
      ...{ timeoutSeconds: 60, challengeSeconds: 180, passwordMaxAttempts: LIMIT, loginTitle: 'a', loginSubject: 'b' },
      ...{ loginText: 'c', transactionTitle: 'd', transactionSubject: 'e' },
    },
    {},
  );
  expect(put).toEqual({ ok: true });
});

afterAll(() => fixture.database.drop());

const withPassword = (userId: string) =>
  users.setPassword({ userId, domainName: 'bank', passwordHash: `of ${userId}` });

it('charges sixteen attempts at once up to the limit, and no further', async () => {
  await withPassword('sixteen');
  const charges = await Promise.all(sixteen(() => users.chargePassword('sixteen', LIMIT)));
  expect(charges.filter((charge) => charge === 'locked')).toHaveLength(11);
  expect(charges.filter((charge) => charge !== 'locked')).toHaveLength(LIMIT);
  const left = charges.map((charge) => (typeof charge === 'object' ? charge.attemptsLeft : -1));
  expect(left.filter((one) => one >= 0).sort()).toEqual([0, 1, 2, 3, 4]);
  expect(await users.find('sixteen')).toMatchObject({ passwordFailures: LIMIT, hasStaticPassword: true });
});

it('forgives at a right password, and at a new one', async () => {
  await withPassword('forgiven');
  for (let time = 0; time < LIMIT; time += 1) await users.chargePassword('forgiven', LIMIT);
  expect(await users.chargePassword('forgiven', LIMIT)).toBe('locked');
  await users.forgivePasswords('forgiven');
  expect(await users.chargePassword('forgiven', LIMIT)).toEqual({ passwordHash: 'of forgiven', attemptsLeft: 4 });
  await withPassword('forgiven');
  expect(await users.find('forgiven')).toMatchObject({ passwordFailures: 0 });
});

it('charges nobody who is unknown, or has no password', async () => {
  expect(await users.chargePassword('nobody', LIMIT)).toBe('unknown');
  await users.register({ userId: 'passwordless', domainName: 'bank', passwordHash: null });
  expect(await users.chargePassword('passwordless', LIMIT)).toBe('unknown');
  expect(await users.find('passwordless')).toMatchObject({ hasStaticPassword: false, passwordFailures: 0 });
});

it('registers a user once, of sixteen times at once', async () => {
  const user = { userId: 'registered', domainName: 'bank', passwordHash: null };
  const registered = await Promise.all(sixteen(() => users.register(user)));
  expect(registered.filter(Boolean)).toHaveLength(1);
});

it('forgets a user with the enrolments of the app, and tells which transactions that ends', async () => {
  const phone = await fixture.enrol('leaver');
  await withPassword('leaver');
  const transactionId = await fixture.open(phone);
  expect(await users.unregister('leaver', APPLICATION_ID)).toEqual([transactionId]);
  expect(await users.find('leaver')).toBeUndefined();
  expect(await fixture.enrolments.listEnrolled('leaver')).toEqual([]);
  expect(await users.unregister('leaver', APPLICATION_ID)).toBeUndefined();
});
