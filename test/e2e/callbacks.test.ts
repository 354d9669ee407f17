import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { administratorOf } from '../support/administration.ts';
import { createPortal, type PortalReply } from '../support/portal.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const run = promisify(execFile);

const API = '/oauth/api/v4/authenticate/transaction';

describe('a callback', () => {
  let stack: Stack;
  let phone: Phone;

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
  });
  afterAll(() => stack?.stop());

  const callbacksOf = (transactionId: string) => stack.portal.request('GET', `${API}/${transactionId}/callbacks`);
  const redeliver = (transactionId: string) =>
    stack.portal.request('POST', `${API}/${transactionId}/callbacks/redeliver`);
  const eventsOf = (transactionId: string) =>
    stack.database.knex('events').where({ transaction_id: transactionId }).orderBy('id').pluck('name');
  const endOfRedelivery = (transactionId: string) =>
    stack.temporal.workflow.getHandle(`redelivery:${transactionId}`).result();
  const attemptsOf = async (transactionId: string) =>
    (await callbacksOf(transactionId)).body.attempts.map(
      ({ delivery, number, http_status }: { delivery: number; number: number; http_status?: number }) =>
        [delivery, number, http_status] as const,
    );

  async function configure(address: object): Promise<void> {
    const { status, body } = await administratorOf(stack).create('/callback-addresses', address);
    expect([status, body]).toEqual([201, expect.anything()]);
  }

  /** An address that no other test calls; the receiver takes any path. */
  let paths = 0;
  function anAddress(): string {
    paths += 1;
    return `${stack.callbacks.url}/${paths}`;
  }

  /** Begins, approves, and gives the transaction's id. */
  async function approved(callbackUri = anAddress()): Promise<string> {
    const transactionId = await stack.begin(phone, { callback_uri: callbackUri });
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    return transactionId;
  }

  /** Asks until the reply is as it is to be: a change of configuration takes up to a second. */
  async function soon(ask: () => Promise<PortalReply>, status: number): Promise<PortalReply> {
    for (;;) {
      const reply = await ask();
      if (reply.status === status) return reply;
    }
  }

  it('goes to configured addresses only where that is the rule, and to any other one otherwise', async () => {
    const known = `${anAddress()}?tenant=1`;
    await configure({ name: 'known', url: known });
    const begin = (callbackUri: string) =>
      stack.portal.begin({
        type: 'push',
        user_id: 'alice',
        device_id: phone.deviceId,
        callback_uri: callbackUri,
        message: 'Log in?',
      });
    const settings = stack.database.knex('general_settings');
    await settings.clone().update({ only_preconfigured_callbacks: true });
    const refused = await soon(() => begin(stack.callbacks.url), 400);
    expect(refused.body).toMatchObject({
      error_code: '1003',
      description: 'The parameter callback_uri is not one of the configured addresses.',
    });
    expect((await begin(known)).status).toBe(200);
    expect((await begin(`${known}2`)).status).toBe(400);
    await settings.clone().update({ only_preconfigured_callbacks: false });
    expect((await soon(() => begin(stack.callbacks.url), 200)).body).toHaveProperty('transaction_id');
  });

  it('is signed and carries Basic where its address is configured so, the same in every attempt', async () => {
    const url = anAddress();
    const secrets = [1, 2].map(() => `whsec_${randomBytes(32).toString('base64')}`);
    const [webhookSecret, previousWebhookSecret] = secrets;
    await configure({ name: 'signed', url, username: 'u', password: 'p', webhookSecret, previousWebhookSecret });
    stack.callbacks.answerNextWith(500);
    const transactionId = await approved(url);
    const received = await stack.callbacks.waitFor(transactionId, 2);
    for (const { headers, text } of received) {
      expect(headers.authorization).toBe('Basic dTpw');
      expect(headers['webhook-id']).toBe(transactionId);
      for (const secret of secrets) {
        expect(new Webhook(secret).verify(text, headers as Record<string, string>)).toStrictEqual({
          callback_uri: url,
          transaction_id: transactionId,
        });
      }
    }
    expect(new Set(received.map(({ text }) => text)).size).toBe(1);
  });

  describe('its delivery log', () => {
    it('lists every attempt for the client of the transaction', async () => {
      stack.callbacks.answerNextWith(500);
      const transactionId = await stack.begin(phone, { callback_uri: anAddress() });
      const empty = await callbacksOf(transactionId);
      expect(empty).toMatchObject({ status: 200, body: { delivered: false, attempts: [] } });
      await phone.client.approve(await phone.client.fetchChallenge(transactionId));
      await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).result();
      const { body, headers } = await callbacksOf(transactionId);
      expect(headers.get('cache-control')).toContain('no-store');
      expect(body).toStrictEqual({
        callback_uri: expect.any(String),
        transaction_id: transactionId,
        delivered: true,
        attempts: [
          {
            timestamp: expect.any(Number),
            duration: expect.any(Number),
            delivery: 0,
            number: 0,
            http_status: 500,
            failure: 'refused',
          },
          { timestamp: expect.any(Number), duration: expect.any(Number), delivery: 0, number: 1, http_status: 204 },
        ],
      });
      expect(body.attempts[1].timestamp).toBeGreaterThan(body.attempts[0].timestamp);
    });

    it('is nothing to other clients and of unknown transactions', async () => {
      const transactionId = await approved();
      const secret = randomBytes(32).toString('base64url');
      await stack.database.knex('api_clients').insert({
        id: 'other',
        name: 'Other portal',
        secret_sha256: createHash('sha256').update(secret).digest(),
        scopes: ['onegini_api_mobile_authentication'],
      });
      const other = createPortal(stack.apiUrl, { id: 'other', secret });
      const unknown = '0190a000-0000-7000-8000-000000000001';
      for (const [method, path] of [
        ['GET', 'callbacks'],
        ['POST', 'callbacks/redeliver'],
      ] as const) {
        const replies = [
          await other.request(method, `${API}/${transactionId}/${path}`),
          await stack.portal.request(method, `${API}/${unknown}/${path}`),
        ];
        for (const reply of replies) expect(reply).toMatchObject({ status: 404, body: { error_code: '3004' } });
      }
    });
  });

  describe('asked for once more', () => {
    it('comes again with the same id and bytes, though it was delivered, and is in the log', async () => {
      const transactionId = await approved();
      await stack.callbacks.waitFor(transactionId, 1);
      expect(await redeliver(transactionId)).toMatchObject({
        status: 202,
        body: { transaction_id: transactionId, delivery: 1 },
      });
      expect(await endOfRedelivery(transactionId)).toBe('delivered');
      expect((await redeliver(transactionId)).body).toMatchObject({ delivery: 2 });
      expect(await endOfRedelivery(transactionId)).toBe('delivered');
      const received = await stack.callbacks.waitFor(transactionId, 3);
      expect(new Set(received.map(({ text }) => text)).size).toBe(1);
      expect(await attemptsOf(transactionId)).toStrictEqual([
        [0, 0, 204],
        [1, 1, 204],
        [2, 1, 204],
      ]);
      const events = await eventsOf(transactionId);
      expect(events.filter((name) => name === 'CALLBACK_REDELIVERY_REQUESTED')).toHaveLength(2);
    });

    it('is tried again when the portal refuses it', async () => {
      const transactionId = await approved();
      await stack.callbacks.waitFor(transactionId, 1);
      stack.callbacks.answerNextWith(503);
      await redeliver(transactionId);
      expect(await endOfRedelivery(transactionId)).toBe('delivered');
      expect(await attemptsOf(transactionId)).toStrictEqual([
        [0, 0, 204],
        [1, 1, 503],
        [1, 2, 204],
      ]);
    });

    it('survives that no worker is there, and runs once though sixteen ask at once', async () => {
      const transactionId = await approved();
      await stack.callbacks.waitFor(transactionId, 1);
      await stack.worker.stop();
      const replies = await Promise.all(Array.from({ length: 16 }, () => redeliver(transactionId)));
      const refused = replies.filter(({ status }) => status !== 202);
      expect(refused).toHaveLength(15);
      for (const reply of refused) {
        expect(reply).toMatchObject({ status: 409, body: { error_code: 'redelivery_underway' } });
      }
      await stack.startWorker();
      expect(await endOfRedelivery(transactionId)).toBe('delivered');
      expect(stack.callbacks.received.filter(({ body }) => body.transaction_id === transactionId)).toHaveLength(2);
    });

    it('is not there before the end, nor after twenty times', async () => {
      const pending = await stack.begin(phone);
      const early = await redeliver(pending);
      expect(early).toMatchObject({ status: 409, body: { error_code: 'transaction_pending' } });
      await stack.portal.cancel(pending);
      await stack.database
        .knex('callback_redeliveries')
        .insert({ transaction_id: pending, number: 20, request_id: '0190a000-0000-7000-8000-000000000001' });
      expect(await redeliver(pending)).toMatchObject({ status: 409, body: { error_code: 'redeliveries_used_up' } });
    });
  });

  it('is shown and asked for once more on the command line', async () => {
    const transactionId = await approved();
    await stack.callbacks.waitFor(transactionId, 1);
    const folder = await mkdtemp(join(tmpdir(), 'countersign-portal-'));
    const { credentials: client } = stack.portal;
    await writeFile(join(folder, 'demo.json'), JSON.stringify({ api: stack.apiUrl, client }));
    const env = { ...process.env, COUNTERSIGN_DATA: folder };
    const portal = (...args: string[]) => run(process.execPath, ['dev/portal.ts', ...args], { env });
    const asked = await portal('--json', 'redeliver', transactionId);
    expect(JSON.parse(asked.stdout)).toEqual({ event: 'redelivering', transaction_id: transactionId, delivery: 1 });
    await endOfRedelivery(transactionId);
    const shown = await portal('callbacks', transactionId);
    expect(shown.stdout).toMatch(
      /^The portal was called back\.\n +\S+ {2}attempt 0 {2}204 {2}\d+ ms\n +\S+ {2}redelivery 1, attempt 1 {2}204 {2}\d+ ms\n$/,
    );
    await rm(folder, { recursive: true });
  });

  describe('to an address that keeps failing', () => {
    const health = () => stack.database.knex('callback_address_health');

    it('puts it into quarantine, from which a redelivery frees it', async () => {
      const address = anAddress();
      await health().insert({
        address,
        last_failure: 'timeout',
        consecutive_failures: 4,
        failing_since: stack.database.knex.raw("now() - interval '10 minutes'"),
      });
      stack.callbacks.answerNextWith(503);
      const transactionId = await approved(`${address}?state=1`);
      expect(await eventsOf(transactionId)).toContain('CALLBACK_ADDRESS_QUARANTINED');
      const [row] = await health().where({ address });
      expect(row).toMatchObject({ consecutive_failures: 5, last_failure: 'refused', quarantined_at: expect.any(Date) });
      expect((await redeliver(transactionId)).status).toBe(202);
      expect(await endOfRedelivery(transactionId)).toBe('delivered');
      expect(await eventsOf(transactionId)).toContain('CALLBACK_ADDRESS_RELEASED');
      expect(await health().where({ address })).toStrictEqual([]);
    });

    it('gets no quick attempt in quarantine, takes the trial that is due, and ends it; others are not affected', async () => {
      const address = anAddress();
      const other = anAddress();
      await health().insert({
        address,
        last_failure: 'timeout',
        consecutive_failures: 9,
        quarantined_at: stack.database.knex.fn.now(),
        next_trial_at: stack.database.knex.fn.now(),
        trials: 3,
      });
      const [transactionId, unaffected] = [await approved(address), await approved(other)];
      expect(await attemptsOf(unaffected)).toStrictEqual([[0, 0, 204]]);
      await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).result();
      expect(await attemptsOf(transactionId)).toStrictEqual([[0, 1, 204]]);
      expect(await eventsOf(transactionId)).toContain('CALLBACK_ADDRESS_RELEASED');
      expect(await health().where({ address })).toStrictEqual([]);
    });
  });
});
