import { createEnrolmentChangeStore } from '../../db/enrolment-changes.ts';
import { createFixture, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
let changes: ReturnType<typeof createEnrolmentChangeStore>;

beforeAll(async () => {
  fixture = await createFixture();
  changes = createEnrolmentChangeStore(fixture.knex);
});
afterAll(() => fixture.database.drop());

const aKey = (x: string) => ({ kty: 'EC', crv: 'P-256', x, y: 'y' }) as const;

it('ends an enrolment once, and names what was running', async () => {
  const phone = await fixture.enrol('leaver');
  const running = await fixture.open(phone);
  const results = await Promise.all(sixteen(() => changes.disenrol(phone.enrolmentId)));
  expect(results.filter(({ length }) => length > 0)).toStrictEqual([[running]]);
  const [row] = await fixture.knex('enrolments').where({ id: phone.enrolmentId });
  expect(row).toMatchObject({ revoked_at: expect.any(Date), sealed_push_token: null, push_token_hmac: null });
  expect(await fixture.count('events', { user_id: 'leaver', name: 'ENROLLMENT_ENDED' })).toBe(1);
});

it('leaves room for another device of the user', async () => {
  const phone = await fixture.enrol('returner');
  await changes.disenrol(phone.enrolmentId);
  await expect(fixture.enrol('returner')).resolves.toBeDefined();
});

it('renames the device of an enrolment, while it is one', async () => {
  const phone = await fixture.enrol('renamer');
  await changes.renameDevice(phone.enrolmentId, 'New name');
  expect(await fixture.enrolments.listEnrolled('renamer')).toMatchObject([{ deviceName: 'New name' }]);
  await fixture.revoke(phone.enrolmentId);
  await changes.renameDevice(phone.enrolmentId, 'Never');
  expect(await fixture.knex('devices').where({ id: phone.deviceId })).toMatchObject([{ name: 'New name' }]);
});

describe('a change of keys', () => {
  it('is made by one of sixteen at once by the same old key', async () => {
    const phone = await fixture.enrol('rotator');
    const results = await Promise.all(
      sixteen((index) => changes.rotateKeys(phone.enrolmentId, 1, { signingKey: aKey(`${index}`) })),
    );
    expect([...results].sort()).toStrictEqual([...Array(15).fill('keys_replaced'), 'rotated']);
    expect(await fixture.enrolments.findSigningKey(phone.enrolmentId)).toStrictEqual({
      signingKey: aKey(String(results.indexOf('rotated'))),
      keyVersion: 2,
    });
    expect(await fixture.knex('events').where({ name: 'ENROLLMENT_UPDATE_SUCCESS' })).toHaveLength(1);
  });

  it('leaves the key that is not changed', async () => {
    const phone = await fixture.enrol('half', { pgpPublicKey: 'old', signingKey: aKey('old') });
    expect(await changes.rotateKeys(phone.enrolmentId, 1, { pgpPublicKey: 'new' })).toBe('rotated');
    expect(await fixture.enrolments.findKeys(phone.enrolmentId)).toMatchObject({ pgpPublicKey: 'new' });
    expect(await fixture.enrolments.findSigningKey(phone.enrolmentId)).toMatchObject({ signingKey: aKey('old') });
    expect(await changes.rotateKeys(phone.enrolmentId, 2, { signingKey: aKey('new') })).toBe('rotated');
    expect(await fixture.enrolments.findKeys(phone.enrolmentId)).toMatchObject({ pgpPublicKey: 'new' });
  });

  it('of a revoked enrolment is none', async () => {
    const phone = await fixture.enrol('too-late');
    await fixture.revoke(phone.enrolmentId);
    expect(await changes.rotateKeys(phone.enrolmentId, 1, { pgpPublicKey: 'new' })).toBe('keys_replaced');
  });
});
