import { v7 as uuidv7 } from 'uuid';
import { createCodeChallengeStore } from '../../db/code-challenges.ts';
import { APPLICATION_ID, CLIENT_ID, createFixture, type Enrolled, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;
let phone: Enrolled;
beforeAll(async () => {
  fixture = await createFixture();
  phone = await fixture.enrol('alice');
});
afterAll(() => fixture?.database.drop());

const store = () => createCodeChallengeStore(fixture.knex);

async function challenge(fields: { lifetimeSeconds?: number; digits?: string } = {}): Promise<string> {
  const id = uuidv7();
  const asked = { id, clientId: CLIENT_ID, userId: 'alice', applicationId: APPLICATION_ID };
  await store().create({ ...asked, lifetimeSeconds: 60, digits: '12345678', ...fields });
  return id;
}

const charge = (id: string) => store().charge(id, CLIENT_ID, 'alice');

it('may be tried three times, by sixteen at once', async () => {
  const id = await challenge();
  const charged = await Promise.all(sixteen(() => charge(id)));
  expect(charged.filter(Boolean)).toHaveLength(3);
  expect(await store().findStatus(id, CLIENT_ID)).toBe('used_up');
});

it('is used once, by sixteen at once, with one event', async () => {
  const id = await challenge();
  const used = await Promise.all(sixteen(() => store().use(id)));
  expect(used.filter(Boolean)).toHaveLength(1);
  expect(await store().findStatus(id, CLIENT_ID)).toBe('used');
  const events = await fixture.knex('events').where({ name: 'ONESPAN_CHALLENGE_ANSWERED' });
  expect(events.filter(({ details }) => details.request_id === id)).toMatchObject([
    { user_id: 'alice', client_id: CLIENT_ID, device_id: phone.deviceId },
  ]);
  expect(await charge(id)).toBe(false);
});

it('is charged for its own client and user alone, and not once it is over', async () => {
  const id = await challenge();
  expect(await store().charge(id, 'other', 'alice')).toBe(false);
  expect(await store().charge(id, CLIENT_ID, 'bob')).toBe(false);
  expect(await charge(await challenge({ lifetimeSeconds: -1 }))).toBe(false);
  const other = await fixture.enrol('carol');
  const ofOther = uuidv7();
  const asked = { clientId: CLIENT_ID, userId: 'carol', applicationId: APPLICATION_ID, digits: null };
  await store().create({ ...asked, id: ofOther, lifetimeSeconds: 60 });
  await fixture.revoke(other.enrolmentId);
  expect(await store().charge(ofOther, CLIENT_ID, 'carol')).toBe(false);
  expect(await store().findStatus(id, 'other')).toBeUndefined();
  expect(await charge(id)).toBe(true);
});

it('is found by its digits on the phone that was asked, the newest of those that are open', async () => {
  const digits = '87654321';
  await challenge({ digits });
  const newest = await challenge({ digits });
  await challenge({ digits, lifetimeSeconds: -1 });
  expect(await store().findByDigits(phone.enrolmentId, digits)).toMatchObject({ id: newest });
  const other = await fixture.enrol('dave');
  expect(await store().findByDigits(other.enrolmentId, digits)).toBeUndefined();
  await store().use(newest);
  expect((await store().findByDigits(phone.enrolmentId, digits))?.id).not.toBe(newest);
});

it('is told of for a day after its end, and forgotten then', async () => {
  const [forgotten, told] = [
    await challenge({ lifetimeSeconds: -86_401 }),
    await challenge({ lifetimeSeconds: -86_000 }),
  ];
  await store().prune();
  expect(await store().findStatus(forgotten, CLIENT_ID)).toBeUndefined();
  expect(await store().findStatus(told, CLIENT_ID)).toBe('expired');
});
