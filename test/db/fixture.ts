import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { EnrolResult, NewEnrolment } from '../../api/ports.ts';
import { createTicketStore } from '../../db/enrolment-tickets.ts';
import { createEnrolmentStore } from '../../db/enrolments.ts';
import { createTransactionStore } from '../../db/transactions.ts';
import { type Keyring, parseKeyring } from '../../runtime/keyring.ts';
import { seal } from '../../runtime/sealing.ts';
import type { AuthenticateInput } from '../../workflows/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export const CLIENT_ID = 'portal';
export const APPLICATION_ID = 'app';
export const OTHER_APPLICATION_ID = 'other-app';

export interface Ticket {
  readonly reference: string;
  readonly secretSha256: Buffer;
}

export interface Enrolled {
  readonly enrolmentId: string;
  readonly deviceId: string;
  readonly userId: string;
}

/** A database with one portal, two apps and the stores over it. */
export interface Fixture {
  readonly database: TestDatabase;
  readonly knex: Knex;
  readonly keyring: Keyring;
  /** The same as text, for processes. */
  readonly encryptionKeys: string;
  readonly pushConfigurationIds: { readonly android: string; readonly ios: string };
  readonly enrolments: ReturnType<typeof createEnrolmentStore>;
  readonly tickets: ReturnType<typeof createTicketStore>;
  readonly transactions: ReturnType<typeof createTransactionStore>;
  ticketFor(userId: string, applicationId?: string, lifetimeSeconds?: number): Promise<Ticket>;
  /** Enrols a new phone of this user; throws when that is refused. */
  enrol(userId: string, fields?: Partial<NewEnrolment>): Promise<Enrolled>;
  /** Opens a transaction for this phone and gives its id. */
  open(phone: Enrolled, fields?: Partial<AuthenticateInput>, times?: Partial<Times>): Promise<string>;
  revoke(enrolmentId: string): Promise<void>;
  count(table: string, where?: Readonly<Record<string, unknown>>): Promise<number>;
  /** Names of the events of a transaction, in order. */
  eventsOf(transactionId: string): Promise<string[]>;
}

interface Times {
  readonly createdAtMs: number;
  readonly deadlineMs: number;
}

export function sixteen<T>(make: (index: number) => T): T[] {
  return Array.from({ length: 16 }, (_, index) => make(index));
}

export async function createFixture(): Promise<Fixture> {
  const database = await createTestDatabase();
  const { knex } = database;
  const encryptionKeys = `k1:${randomBytes(32).toString('base64')}`;
  const keyring = parseKeyring(encryptionKeys);
  const enrolments = createEnrolmentStore(knex, keyring);
  const tickets = createTicketStore(knex);
  const transactions = createTransactionStore(knex, keyring);
  const pushConfigurationIds = { android: uuidv7(), ios: uuidv7() };
  await configure(knex, keyring, pushConfigurationIds);

  const fixture: Fixture = {
    database,
    knex,
    keyring,
    encryptionKeys,
    pushConfigurationIds,
    enrolments,
    tickets,
    transactions,
    async ticketFor(userId, applicationId = APPLICATION_ID, lifetimeSeconds = 600) {
      const secretSha256 = createHash('sha256').update(randomBytes(32)).digest();
      const ticket = await tickets.create({
        userId,
        applicationId,
        clientId: CLIENT_ID,
        lifetimeSeconds,
        secretSha256,
      });
      if (!ticket) throw new Error('the application does not exist');
      return { reference: ticket.reference, secretSha256 };
    },
    async enrol(userId, fields = {}) {
      const enrolment = aPhone(await fixture.ticketFor(userId), fields);
      const result: EnrolResult = await enrolments.enrol(enrolment);
      if (!result.ok) throw new Error(`enrolment was refused: ${result.code}`);
      return { enrolmentId: result.enrolmentId, deviceId: enrolment.deviceId, userId };
    },
    async open(phone, fields = {}, times = {}) {
      const input = anInput(phone, fields);
      const createdAtMs = times.createdAtMs ?? Date.now();
      await transactions.open(input, { createdAtMs, deadlineMs: times.deadlineMs ?? createdAtMs + 60_000 });
      return input.transactionId;
    },
    async revoke(enrolmentId) {
      await knex('enrolments').where({ id: enrolmentId }).update({ revoked_at: knex.fn.now() });
    },
    async count(table, where = {}) {
      const [row] = await knex(table).where(where).count({ count: '*' });
      return Number(row?.count);
    },
    async eventsOf(transactionId) {
      const found = await knex('events').where({ transaction_id: transactionId }).orderBy('id').select('name');
      return found.map(({ name }) => name);
    },
  };
  return fixture;
}

async function configure(knex: Knex, keyring: Keyring, ids: Fixture['pushConfigurationIds']): Promise<void> {
  await knex('api_clients').insert({ id: CLIENT_ID, name: 'Portal', secret_sha256: randomBytes(32), scopes: [] });
  await knex('push_configurations').insert(
    (['android', 'ios'] as const).map((platform) => ({
      id: ids[platform],
      name: platform,
      platform,
      provider: 'fcm_http_v1',
      sealed_settings: seal(
        keyring,
        'push_configurations.sealed_settings',
        ids[platform],
        '{"settings":"SECRET_SETTINGS"}',
      ),
    })),
  );
  await knex('applications').insert(
    [APPLICATION_ID, OTHER_APPLICATION_ID].map((id) => ({
      id,
      name: `The ${id}`,
      android_push_configuration_id: ids.android,
      ios_push_configuration_id: ids.ios,
    })),
  );
}

/** A phone of its own that comes with this ticket. */
export function aPhone(ticket: Ticket, fields: Partial<NewEnrolment> = {}): NewEnrolment {
  return {
    ticketReference: ticket.reference,
    ticketSecretSha256: ticket.secretSha256,
    deviceId: randomBytes(32).toString('hex'),
    deviceName: 'A phone',
    platform: 'android',
    model: undefined,
    osVersion: undefined,
    pgpPublicKey: `PGP public key ${randomBytes(8).toString('hex')}`,
    signingKey: { kty: 'EC', crv: 'P-256', x: randomBytes(32).toString('base64url'), y: 'y' },
    pushToken: `push-token-${randomBytes(16).toString('hex')}`,
    mode: 'single_device',
    serverKey: undefined,
    appVersion: undefined,
    ...fields,
  };
}

export function anInput(phone: Enrolled, fields: Partial<AuthenticateInput> = {}): AuthenticateInput {
  return {
    transactionId: uuidv7(),
    clientId: CLIENT_ID,
    userId: phone.userId,
    applicationId: APPLICATION_ID,
    deviceId: phone.deviceId,
    enrolmentId: phone.enrolmentId,
    policy: { typeName: 'push', version: 3, method: 'push', timeToLiveMs: 60_000, maxResends: 2 },
    callbackUri: 'https://portal.example/callback',
    message: 'Log in?',
    requestSha256: 'request-sha256',
    handOffWithinMs: null,
    ...fields,
  };
}
