import { randomBytes, randomUUID } from 'node:crypto';
import { createApiClientStore } from '../../db/api-clients.ts';
import { createClientSecretStore } from '../../db/client-secrets.ts';
import { CLIENT_ID, createFixture, type Fixture, sixteen } from './fixture.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await createFixture();
});

afterEach(() => fixture.database.drop());

it('of sixteen rotations at once one is done, and the secret before stays good beside its new one', async () => {
  const secrets = createClientSecretStore(fixture.knex);
  const clients = createApiClientStore(fixture.knex);
  const before = await clients.find(CLIENT_ID);
  const candidates = sixteen(() => randomBytes(32));
  const results = await Promise.all(
    candidates.map((secretSha256) =>
      secrets.rotate({ clientId: CLIENT_ID, secretSha256, previousLifetimeSeconds: 600 }, { operator: 'olga' }),
    ),
  );
  const done = results.flatMap((result, index) => (result.ok ? [index] : []));
  expect(done).toHaveLength(1);
  expect(results.filter((result) => !result.ok && result.code === 'secret_rotation_open')).toHaveLength(15);
  const after = await clients.find(CLIENT_ID);
  expect(after?.secretSha256).toEqual(candidates[done[0] as number]);
  expect(after?.previousSecretSha256).toEqual(before?.secretSha256);
  const events = await fixture.knex('events').where({ name: 'ADMIN_API_CLIENT_SECRET_ROTATED' });
  expect(events).toMatchObject([{ details: { id: CLIENT_ID, operator: 'olga' } }]);
});

it('of sixteen uses of one assertion one is let through, for each client', async () => {
  const clients = createApiClientStore(fixture.knex);
  const assertionId = randomUUID();
  const expiresAtMs = Date.now() + 60_000;
  for (const clientId of [CLIENT_ID, 'other']) {
    const claimed = await Promise.all(sixteen(() => clients.claimAssertion({ clientId, assertionId, expiresAtMs })));
    expect(claimed.filter(Boolean)).toHaveLength(1);
  }
});

it('forgets assertions that are stale, and no others', async () => {
  const clients = createApiClientStore(fixture.knex);
  await clients.claimAssertion({ clientId: CLIENT_ID, assertionId: 'stale', expiresAtMs: Date.now() - 60_000 });
  await clients.claimAssertion({ clientId: CLIENT_ID, assertionId: 'fresh', expiresAtMs: Date.now() + 60_000 });
  await clients.pruneAssertions();
  expect(await fixture.knex('client_assertions').pluck('assertion_id')).toEqual(['fresh']);
});
