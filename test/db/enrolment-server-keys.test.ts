import { v7 as uuidv7 } from 'uuid';
import { findServerKey } from '../../db/enrolment-server-keys.ts';
import { aPhone, createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.database.drop());

const PAIR = { publicKey: 'public half', privateKey: 'PRIVATE HALF' };
const find = (enrolmentId: string) => findServerKey(fixture.knex, fixture.keyring, enrolmentId);

it('keeps the pair of an enrolment, its private half sealed', async () => {
  const { enrolmentId } = await fixture.enrol('own-pair', { serverKey: PAIR });
  expect(await find(enrolmentId)).toStrictEqual(PAIR);
  const stored = await fixture.knex('enrolment_server_keys').where({ enrolment_id: enrolmentId });
  expect(JSON.stringify(stored)).not.toContain(PAIR.privateKey);
  expect(await fixture.enrolments.findKeys(enrolmentId)).toMatchObject({ hasOwnServerKey: true });
});

it('has none for an enrolment that shares the common one, or that there is not', async () => {
  const { enrolmentId } = await fixture.enrol('shared-pair');
  expect(await find(enrolmentId)).toBeUndefined();
  expect(await find(uuidv7())).toBeUndefined();
  expect(await fixture.enrolments.findKeys(enrolmentId)).toMatchObject({ hasOwnServerKey: false });
});

it('tells the first pair again where the reply to the enrolment was lost', async () => {
  const phone = aPhone(await fixture.ticketFor('lost'), { serverKey: PAIR });
  const first = await fixture.enrolments.enrol(phone);
  const again = await fixture.enrolments.enrol({ ...phone, serverKey: { publicKey: 'later', privateKey: 'later' } });
  expect(first).toMatchObject({ ok: true, serverPgpPublicKey: PAIR.publicKey });
  expect(again).toStrictEqual(first);
});
