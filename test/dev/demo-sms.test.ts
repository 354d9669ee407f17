import { randomBytes } from 'node:crypto';
import { createSmsGatewayStore } from '../../db/sms-gateways.ts';
import { keepSmsGateway } from '../../dev/demo-sms.ts';
import { createTwilioAccount } from '../../dev/twilio-simulator/twilio-account.ts';
import { type Keyring, parseKeyring } from '../../runtime/keyring.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const makeKeyring = (): Keyring => parseKeyring(`k1:${randomBytes(32).toString('base64')}`);

let database: TestDatabase;
let keyring: Keyring;
const account = createTwilioAccount();
const twilio = { account, endpoint: 'http://127.0.0.1:8092' };

beforeEach(async () => {
  database = await createTestDatabase();
  keyring = makeKeyring();
});

afterEach(() => database.drop());

const keep = (demo = twilio, by = keyring) =>
  database.knex.transaction((transaction) => keepSmsGateway(transaction, demo, by));
const listed = (by = keyring) => createSmsGatewayStore(database.knex, by).list();
const settingsOf = async () => database.knex('general_settings').first();

it('leads SMS to the simulator, and switches them on', async () => {
  await keep();
  const [gateway] = await listed();
  expect(gateway).toMatchObject({ name: 'demo-twilio', kind: 'twilio', version: 1 });
  expect(JSON.parse(gateway?.settings ?? '')).toStrictEqual({
    accountSid: account.accountSid,
    authToken: account.authToken,
    endpoint: twilio.endpoint,
  });
  expect(await settingsOf()).toMatchObject({
    sms_authentication_enabled: true,
    sms_default_number: account.numbers[0],
  });
});

it('changes nothing where nothing has changed, and leaves the settings to the operator', async () => {
  await keep();
  await database.knex('general_settings').update({ sms_authentication_enabled: false, sms_default_number: null });
  await keep();
  expect(await listed()).toMatchObject([{ version: 1 }]);
  expect(await settingsOf()).toMatchObject({ sms_authentication_enabled: false, sms_default_number: null });
});

it('counts the version up where the address has changed, or the key', async () => {
  await keep();
  await keep({ ...twilio, endpoint: 'http://127.0.0.1:9999' });
  expect(await listed()).toMatchObject([{ version: 2 }]);
  const other = makeKeyring();
  await keep(twilio, other);
  expect(await listed(other)).toMatchObject([{ version: 3 }]);
});

it("does not touch an operator's own gateway", async () => {
  const own = { name: 'own', kind: 'console', rank: 1, sealed_settings: 'sealed' };
  await database.knex('sms_gateways').insert({ id: '0190a000-0000-7000-8000-000000000001', ...own });
  await keep();
  expect(await database.knex('sms_gateways')).toMatchObject([own]);
});
