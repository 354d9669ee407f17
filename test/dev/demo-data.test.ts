import { randomBytes } from 'node:crypto';
import { startApnsSimulator } from '../../dev/apns-simulator.ts';
import { loadDemoData } from '../../dev/demo-data.ts';
import { createServiceAccount } from '../../dev/service-account.ts';
import { parseKeyring } from '../../runtime/keyring.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

it('reaches iPhones by APNs, also where they were reached by FCM before', async () => {
  const serviceAccountJson = JSON.stringify(await createServiceAccount('http://127.0.0.1:1/token'));
  const data = {
    clientSecret: 'secret',
    keyring: parseKeyring(`k1:${randomBytes(32).toString('base64')}`),
    fcm: { serviceAccountJson, endpoint: 'http://127.0.0.1:1' },
  };
  const configurations = () => database.knex('push_configurations').orderBy('name').select('id', 'name', 'version');
  const application = () => database.knex('applications').first();
  await loadDemoData(database.knex, data);
  const [fcm] = await configurations();
  expect(await application()).toMatchObject({ ios_push_configuration_id: fcm.id });

  const simulator = await startApnsSimulator();
  await simulator.stop();
  for (let start = 0; start < 2; start += 1) {
    await loadDemoData(database.knex, { ...data, apnsSettings: simulator.settings });
    const [apns, ...others] = await configurations();
    expect([apns.name, apns.version, others]).toStrictEqual(['demo-apns', 1, [fcm]]);
    const ids = { android_push_configuration_id: fcm.id, ios_push_configuration_id: apns.id };
    expect(await application()).toMatchObject(ids);
  }
  await loadDemoData(database.knex, { ...data, apnsSettings: simulator.settings.replace('{', '{"proxyUrl":null,') });
  expect((await configurations())[0]).toMatchObject({ name: 'demo-apns', version: 2 });
});
