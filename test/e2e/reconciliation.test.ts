import { randomBytes } from 'node:crypto';
import { RECONCILIATION_WORKFLOW, reconciliationScheduleIdOf } from '../../workflows/contract.ts';
import { operationsUrlOf } from '../support/operations-url.ts';
import { runSchedule } from '../support/run-schedule.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const TASK_QUEUE = `reconciliation-${randomBytes(6).toString('hex')}`;
const SCHEDULE = reconciliationScheduleIdOf(TASK_QUEUE);

/** On the real Temporal: workflows are terminated as an operator would, and nobody does anything about it. */
describe('what a workflow that is gone leaves behind', () => {
  let stack: Stack;
  let phone: Phone;

  beforeAll(async () => {
    stack = await startStack({ env: { TEMPORAL_TASK_QUEUE: TASK_QUEUE, WORKER_METRICS_PORT: '0' } });
    phone = await stack.enrolPhone('alice');
  });
  afterAll(async () => {
    await stack?.temporal.schedule.getHandle(SCHEDULE).delete();
    await stack?.stop();
  });

  const run = () => runSchedule(stack.temporal, SCHEDULE);
  const sixteenRuns = () =>
    Promise.all(
      Array.from({ length: 16 }, () =>
        stack.temporal.workflow.execute(RECONCILIATION_WORKFLOW, {
          workflowId: `reconciliation-${randomBytes(8).toString('hex')}`,
          taskQueue: TASK_QUEUE,
        }),
      ),
    );
  const terminate = (transactionId: string) =>
    stack.temporal.workflow.getHandle(`transaction:${transactionId}`).terminate('by an operator');
  /** As if the time had passed. */
  const age = (transactionId: string, column: 'expires_at' | 'settled_at') =>
    stack.database
      .knex('transactions')
      .where({ id: transactionId })
      .update({ [column]: stack.database.knex.raw("now() - interval '3 minutes'") });
  const resultOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body;
  const receiptsOf = (transactionId: string) =>
    stack.database.knex('receipts').where({ transaction_id: transactionId }).pluck('receipt');
  const eventsOf = (transactionId: string, name: string) =>
    stack.database.knex('events').where({ transaction_id: transactionId, name }).pluck('name');
  const callbacksOf = (transactionId: string) =>
    stack.callbacks.received.filter(({ body }) => body.transaction_id === transactionId);
  const isOwed = async (transactionId: string) =>
    (await stack.database.knex('callbacks_owed').where({ transaction_id: transactionId })).length > 0;
  const redelivered = (transactionId: string) =>
    stack.temporal.workflow.getHandle(`redelivery:${transactionId}`).result();

  it('is looked for every five minutes, by one schedule however many workers start', async () => {
    const { worker: first } = stack;
    await stack.startWorker();
    await first.stop();
    const { spec, action, policies } = await stack.temporal.schedule.getHandle(SCHEDULE).describe();
    expect(spec.intervals).toEqual([expect.objectContaining({ every: 300_000 })]);
    expect(action).toMatchObject({ workflowType: 'reconciliation', taskQueue: TASK_QUEUE });
    expect(policies.overlap).toBe('SKIP');
    // From here on it runs when it is told to.
    await stack.temporal.schedule.getHandle(SCHEDULE).pause();
  });

  it('is expired, with a receipt, and told to the portal once', async () => {
    const transactionId = await stack.begin(phone);
    const inTime = await stack.begin(phone);
    await Promise.all([terminate(transactionId), terminate(inTime)]);
    await age(transactionId, 'expires_at');
    await run();
    await stack.callbacks.waitFor(transactionId);
    expect(await redelivered(transactionId)).toBe('delivered');
    expect(await resultOf(transactionId)).toMatchObject({ status: 'expired', is_authenticated: false });
    expect(await receiptsOf(transactionId)).toHaveLength(1);

    await run();
    expect(callbacksOf(transactionId)).toHaveLength(1);
    expect(await eventsOf(transactionId, 'MOBILE_AUTH_EXPIRED')).toHaveLength(1);
    expect(await isOwed(transactionId)).toBe(false);
    expect(await resultOf(inTime)).toMatchObject({ status: 'pending' });
  });

  it('is told to the portal once where it was settled and not told', async () => {
    const { knex } = stack.database;
    const callbackUri = `${stack.callbacks.url}/held`;
    // In quarantine an address is not called with the outcome.
    await knex('callback_address_health').insert({
      ...{ address: callbackUri, last_failure: 'status_500', quarantined_at: knex.fn.now() },
      next_trial_at: knex.raw("now() + interval '1 hour'"),
    });
    const transactionId = await stack.begin(phone, { callback_uri: callbackUri });
    await phone.client.deny(await phone.client.fetchChallenge(transactionId));
    await age(transactionId, 'settled_at');
    await run();
    expect(callbacksOf(transactionId)).toEqual([]);
    expect(await isOwed(transactionId)).toBe(true);

    await terminate(transactionId);
    await run();
    await stack.callbacks.waitFor(transactionId);
    expect(await redelivered(transactionId)).toBe('delivered');
    await run();
    expect(callbacksOf(transactionId)).toHaveLength(1);
    expect(await isOwed(transactionId)).toBe(false);
    expect(await resultOf(transactionId)).toMatchObject({ status: 'denied' });
  });

  it('is left to a workflow that runs, and to one that gave up after it had tried', async () => {
    const running = await stack.begin(phone);
    await age(running, 'expires_at');
    const ended = await stack.begin(phone);
    await phone.client.deny(await phone.client.fetchChallenge(ended));
    await stack.callbacks.waitFor(ended);
    await stack.temporal.workflow.getHandle(`transaction:${ended}`).result();
    const { knex } = stack.database;
    await knex('callback_attempts').where({ transaction_id: ended }).update({ failure: 'status_500' });
    await age(ended, 'settled_at');
    await run();
    expect(await resultOf(running)).toMatchObject({ status: 'pending' });
    expect(await knex('callback_redeliveries').where({ transaction_id: ended })).toEqual([]);
    expect(await isOwed(ended)).toBe(false);
    await stack.portal.cancel(running);
  });

  it('is seen to once by sixteen runs at once', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) ids.push(await stack.begin(phone));
    for (const id of ids) {
      await terminate(id);
      await age(id, 'expires_at');
    }
    await sixteenRuns();
    for (const id of ids) await stack.callbacks.waitFor(id);
    await Promise.all(ids.map(redelivered));
    await sixteenRuns();
    for (const id of ids) {
      expect(await resultOf(id)).toMatchObject({ status: 'expired' });
      expect(await receiptsOf(id)).toHaveLength(1);
      expect(await eventsOf(id, 'MOBILE_AUTH_EXPIRED')).toHaveLength(1);
      expect(callbacksOf(id)).toHaveLength(1);
    }
  });

  it('is counted, and told in the log', async () => {
    const text = await (await fetch(`${await operationsUrlOf(stack.worker)}/metrics`)).text();
    expect(text).toContain('countersign_reconciled_total{kind="expired"} 13\n');
    expect(stack.worker.output()).toContain('workflows were gone');
  });
});
