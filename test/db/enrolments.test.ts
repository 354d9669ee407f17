import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  APPLICATION_ID,
  aPhone,
  CLIENT_ID,
  createFixture,
  type Fixture,
  OTHER_APPLICATION_ID,
  sixteen,
} from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});

afterAll(() => fixture.database.drop());

it('enrols one of sixteen phones of one user, and the tickets of the others stay good', async () => {
  const userId = 'sixteen-phones';
  const phones = await Promise.all(sixteen(async () => aPhone(await fixture.ticketFor(userId))));
  const results = await Promise.all(phones.map((phone) => fixture.enrolments.enrol(phone)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(results.filter(({ ok }) => !ok)).toStrictEqual(
    Array(15).fill(expect.objectContaining({ ok: false, code: 'user_already_enrolled' })),
  );
  expect(await fixture.count('enrolments', { user_id: userId })).toBe(1);
  const used = await fixture.knex('enrolment_tickets').where({ user_id: userId }).whereNotNull('used_at');
  expect(used).toHaveLength(1);

  const winner = results.find(({ ok }) => ok) as { enrolmentId: string };
  await fixture.revoke(winner.enrolmentId);
  const loser = phones[results.findIndex(({ ok }) => !ok)];
  await expect(fixture.enrolments.enrol(loser ?? aPhone(await fixture.ticketFor('')))).resolves.toMatchObject({
    ok: true,
    userId,
  });
});

it('enrols one of sixteen users who bring one push token at once, and leaves nothing of the others', async () => {
  const pushToken = `push-token-${randomBytes(8).toString('hex')}`;
  const phones = await Promise.all(
    sixteen(async (index) => aPhone(await fixture.ticketFor(`shared-token-${index}`), { pushToken })),
  );
  const results = await Promise.all(phones.map((phone) => fixture.enrolments.enrol(phone)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(results.filter(({ ok }) => !ok)).toStrictEqual(
    Array(15).fill(expect.objectContaining({ ok: false, code: 'device_already_enrolled' })),
  );
  const devices = await fixture.knex('devices').whereIn(
    'id',
    phones.map(({ deviceId }) => deviceId),
  );
  expect(devices).toHaveLength(1);
  const unused = await fixture
    .knex('enrolment_tickets')
    .where('user_id', 'like', 'shared-token-%')
    .whereNull('used_at');
  expect(unused).toHaveLength(15);
});

it('lets one phone serve two apps', async () => {
  const pushToken = `push-token-${randomBytes(8).toString('hex')}`;
  const one = await fixture.enrolments.enrol(aPhone(await fixture.ticketFor('two-apps'), { pushToken }));
  const other = await fixture.ticketFor('two-apps', OTHER_APPLICATION_ID);
  const two = await fixture.enrolments.enrol(aPhone(other, { pushToken }));
  expect([one, two]).toMatchObject([
    { ok: true, applicationId: APPLICATION_ID },
    { ok: true, applicationId: OTHER_APPLICATION_ID },
  ]);
  const devices = await fixture.enrolments.listEnrolled('two-apps');
  expect(devices.map(({ applicationId }) => applicationId)).toStrictEqual([APPLICATION_ID, OTHER_APPLICATION_ID]);
});

it('tells the events of an enrolment with everything an auditor looks for', async () => {
  const phone = await fixture.enrol('audited');
  const events = await fixture.knex('events').where({ user_id: 'audited' }).orderBy('name');
  const subject = {
    user_id: 'audited',
    client_id: CLIENT_ID,
    application_id: APPLICATION_ID,
    device_id: phone.deviceId,
  };
  expect(events).toMatchObject([
    { name: 'ENROLLMENT_INITIALIZED', ...subject, device_id: null },
    { name: 'KEY_ENROLLMENT_SUCCESS', ...subject },
    { name: 'PUSH_ENROLLMENT_SUCCESS', ...subject },
  ]);
});

it('shows the devices of a user', async () => {
  const { deviceId, enrolmentId } = await fixture.enrol('reachable', { deviceName: 'Alice’s phone', platform: 'ios' });
  expect(await fixture.enrolments.listEnrolled('reachable')).toMatchObject([
    {
      enrolmentId,
      applicationId: APPLICATION_ID,
      applicationName: `The ${APPLICATION_ID}`,
      deviceId,
      deviceName: 'Alice’s phone',
      platform: 'ios',
      hasPushToken: true,
    },
  ]);
  expect(await fixture.enrolments.listEnrolled('nobody')).toStrictEqual([]);
});

it('shows and keeps nothing usable of a revoked enrolment', async () => {
  const phone = await fixture.enrol('revoked', { pgpPublicKey: 'its key' });
  expect(await fixture.enrolments.findKeys(phone.enrolmentId)).toMatchObject({ pgpPublicKey: 'its key', active: true });
  expect(await fixture.enrolments.findSigningKey(phone.enrolmentId)).toMatchObject({
    signingKey: { kty: 'EC' },
    keyVersion: 1,
  });
  await fixture.revoke(phone.enrolmentId);
  expect(await fixture.enrolments.listEnrolled('revoked')).toStrictEqual([]);
  expect(await fixture.enrolments.findSigningKey(phone.enrolmentId)).toBeUndefined();
  expect(await fixture.enrolments.findKeys(phone.enrolmentId)).toMatchObject({
    pgpPublicKey: 'its key',
    active: false,
  });
});

it('says that no push reaches a phone whose push token is gone', async () => {
  const phone = await fixture.enrol('no-token');
  await fixture.knex('enrolments').where({ id: phone.enrolmentId }).update({ sealed_push_token: null });
  expect(await fixture.enrolments.listEnrolled('no-token')).toMatchObject([{ hasPushToken: false }]);
});

it('knows nothing of an enrolment that there is not', async () => {
  const absent = uuidv7();
  expect(await fixture.enrolments.findKeys(absent)).toBeUndefined();
  expect(await fixture.enrolments.findSigningKey(absent)).toBeUndefined();
});

describe('a request proof', () => {
  const LIFETIME_SECONDS = 121;

  it('is admitted once when it comes sixteen times at once', async () => {
    const phone = await fixture.enrol('sixteen-proofs', { pgpPublicKey: 'its key' });
    const results = await Promise.all(
      sixteen(() => fixture.enrolments.admitProof(phone.enrolmentId, 'the same proof', LIFETIME_SECONDS)),
    );
    const admitted = results.filter((result) => result !== 'replayed');
    expect(admitted).toStrictEqual([
      {
        enrolmentId: phone.enrolmentId,
        userId: 'sixteen-proofs',
        deviceId: phone.deviceId,
        applicationId: APPLICATION_ID,
        pgpPublicKey: 'its key',
        hasOwnServerKey: false,
        keyVersion: 1,
        nowMs: expect.any(Number),
      },
    ]);
    expect(results.filter((result) => result === 'replayed')).toHaveLength(15);
  });

  it('may have the same id at another enrolment, and another id at the same', async () => {
    const [one, two] = await Promise.all([fixture.enrol('proofs-one'), fixture.enrol('proofs-two')]);
    await fixture.enrolments.admitProof(one.enrolmentId, 'proof', LIFETIME_SECONDS);
    expect(await fixture.enrolments.admitProof(two.enrolmentId, 'proof', LIFETIME_SECONDS)).toMatchObject(two);
    expect(await fixture.enrolments.admitProof(one.enrolmentId, 'next proof', LIFETIME_SECONDS)).toMatchObject(one);
  });

  it('is refused and not kept for an enrolment that is revoked or unknown', async () => {
    const phone = await fixture.enrol('proofs-revoked');
    await fixture.revoke(phone.enrolmentId);
    for (const enrolmentId of [phone.enrolmentId, uuidv7()]) {
      expect(await fixture.enrolments.admitProof(enrolmentId, 'proof', LIFETIME_SECONDS)).toBeUndefined();
      expect(await fixture.count('device_proofs', { enrolment_id: enrolmentId })).toBe(0);
    }
  });

  it('is forgotten when it is stale, and not before', async () => {
    const phone = await fixture.enrol('proofs-pruned');
    await fixture.enrolments.admitProof(phone.enrolmentId, 'stale', -1);
    await fixture.enrolments.admitProof(phone.enrolmentId, 'fresh', LIFETIME_SECONDS);
    await fixture.enrolments.pruneProofs();
    const left = await fixture.knex('device_proofs').where({ enrolment_id: phone.enrolmentId });
    expect(left.map(({ proof_id }) => proof_id)).toStrictEqual(['fresh']);
    expect(await fixture.enrolments.admitProof(phone.enrolmentId, 'fresh', LIFETIME_SECONDS)).toBe('replayed');
  });
});
