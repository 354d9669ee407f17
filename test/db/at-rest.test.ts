import { randomBytes } from 'node:crypto';
import { createPushConfigurationStore } from '../../db/push-configurations.ts';
import { createPushLog } from '../../db/push-log.ts';
import { loadOrCreateServerKey } from '../../db/server-keys.ts';
import { parseKeyring } from '../../runtime/keyring.ts';
import { dumpDatabase, writingsOf } from '../support/database-dump.ts';
import { createFixture, type Fixture } from './fixture.ts';

const SECRETS = {
  message: 'SHORT MESSAGE to alice',
  secureMessage: 'SECURE MESSAGE to alice',
  pushToken: 'PUSH TOKEN of alice',
  privateKey: 'PRIVATE KEY of the server',
  settings: 'SECRET_SETTINGS',
} as const;

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture();
  const phone = await fixture.enrol('alice', { pushToken: SECRETS.pushToken });
  const { message, secureMessage } = SECRETS;
  const transactionId = await fixture.open(phone, { message, secureMessage });
  await createPushLog(fixture.knex, fixture.keyring).recordSent(transactionId, 0, 'projects/x/messages/1', []);
  await loadOrCreateServerKey(fixture.knex, fixture.keyring, async () => ({
    publicKey: 'PUBLIC KEY of the server',
    privateKey: SECRETS.privateKey,
  }));
  await fixture.transactions.settle({
    outcome: { status: 'approved', settledAtMs: Date.now(), method: 'push' },
    event: { name: 'MOBILE_AUTH_AUTHENTICATED' },
    transactionId,
    receipt: 'receipt',
    evidence: { answer: 'OpenPGP message', answerSha256: 'sha', enrolmentId: phone.enrolmentId },
  });
});

afterAll(() => fixture.database.drop());

it.each(Object.entries(SECRETS))('the tables show nothing of the %s, in no usual writing', async (_name, secret) => {
  const text = await dumpDatabase(fixture.knex);
  for (const writing of writingsOf(secret)) expect(text).not.toContain(writing);
});

it('the dump that was searched really has rows of every table that was written', async () => {
  const text = await dumpDatabase(fixture.knex);
  for (const table of [
    'enrolments',
    'enrolment_tickets',
    'devices',
    'transactions',
    'evidence',
    'receipts',
    'push_sends',
    'events',
    'server_keys',
    'push_configurations',
  ]) {
    expect(text).toContain(`\n${table}: {`);
  }
  expect(text).toContain('PUBLIC KEY of the server');
});

it('a sealed value that is moved to another row does not open', async () => {
  const [alice, bob] = await Promise.all([fixture.enrol('moved-from'), fixture.enrol('moved-to')]);
  const transactionId = await fixture.open(bob);
  const row = await fixture.knex('enrolments').where({ id: alice.enrolmentId }).first('sealed_push_token');
  await fixture.knex('enrolments').where({ id: bob.enrolmentId }).update(row);
  await expect(createPushLog(fixture.knex, fixture.keyring).findDue(transactionId, 0)).rejects.toThrow();
});

it('another installation with the same database but other keys opens nothing', async () => {
  const stranger = parseKeyring(`k1:${randomBytes(32).toString('base64')}`);
  const generate = async () => ({ publicKey: 'theirs', privateKey: 'theirs' });
  await expect(loadOrCreateServerKey(fixture.knex, stranger, generate)).rejects.toThrow();
  const store = createPushConfigurationStore(fixture.knex, stranger);
  await expect(store.find(fixture.pushConfigurationIds.android)).rejects.toThrow();
});

it('a push configuration opens with our keys', async () => {
  const store = createPushConfigurationStore(fixture.knex, fixture.keyring);
  expect(await store.find(fixture.pushConfigurationIds.ios)).toStrictEqual({
    id: fixture.pushConfigurationIds.ios,
    provider: 'fcm_http_v1',
    version: 1,
    settings: '{"settings":"SECRET_SETTINGS"}',
  });
  expect(await store.find('0190a000-0000-7000-8000-000000000001')).toBeUndefined();
});
