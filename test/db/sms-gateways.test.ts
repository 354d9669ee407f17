import { randomUUID } from 'node:crypto';
import { createSmsGatewayStore } from '../../db/sms-gateways.ts';
import { seal } from '../../runtime/sealing.ts';
import { createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.database.drop());

async function insert(name: string, rank: number, settings = '{}', kind = 'rest'): Promise<string> {
  const id = randomUUID();
  await fixture.knex('sms_gateways').insert({
    id,
    name,
    kind,
    rank,
    sealed_settings: seal(fixture.keyring, 'sms_gateways.sealed_settings', id, settings),
  });
  return id;
}

it('lists gateways in the order in which they are asked, opened', async () => {
  const store = createSmsGatewayStore(fixture.knex, fixture.keyring);
  expect(await store.list()).toStrictEqual([]);
  const second = await insert('second', 2, '{"url":"https://second.example"}');
  const first = await insert('first', 1, '{"url":"https://first.example"}', 'twilio');
  expect(await store.list()).toStrictEqual([
    { id: first, name: 'first', kind: 'twilio', version: 1, settings: '{"url":"https://first.example"}' },
    { id: second, name: 'second', kind: 'rest', version: 1, settings: '{"url":"https://second.example"}' },
  ]);
});

it.each([
  ['a third rank', () => insert('third', 3)],
  ['two of one rank', () => insert('another', 1)],
  ['two of one name', () => insert('first', 2)],
  ['a kind that there is not', () => insert('pigeon', 2, '{}', 'pigeon')],
])('the schema refuses %s', async (_name, act) => {
  await expect(act()).rejects.toThrow(/violates|duplicate/);
});

it('lets two gateways change places in one statement', async () => {
  await fixture.knex.raw('update sms_gateways set rank = 3 - rank');
  const listed = await createSmsGatewayStore(fixture.knex, fixture.keyring).list();
  expect(listed.map(({ name }) => name)).toStrictEqual(['second', 'first']);
});

describe('what the schema refuses of types and settings', () => {
  const type = { name: 't', method: 'sms', time_to_live_seconds: 60, max_resends: 0 };
  it.each([
    ['an SMS type that falls back on SMS', { fallback: 'sms' }],
    ['a fallback that there is not', { method: 'push', fallback: 'voice' }],
    ['more attempts than the ceiling', { max_attempts: 101 }],
    ['an origin host with a scheme', { webotp_origin_host: 'https://bank.example' }],
    ['an origin host with a port', { webotp_origin_host: 'bank.example:8443' }],
    ['an origin host that would begin another line', { webotp_origin_host: 'bank.example\n@evil.example' }],
    ['an empty sender', { sms_sender_id: '' }],
  ])('%s', async (_name, fields) => {
    await expect(fixture.knex('authentication_types').insert({ ...type, ...fields })).rejects.toThrow('violates check');
  });

  it.each([
    ['countries in small letters', { sms_allowed_countries: ['nl'] }],
    ['countries by name', { sms_allowed_countries: ['NLD'] }],
    ['no message a day', { sms_per_day: 0 }],
  ])('%s', async (_name, fields) => {
    await expect(fixture.knex('general_settings').update(fields)).rejects.toThrow('violates check');
  });
});
