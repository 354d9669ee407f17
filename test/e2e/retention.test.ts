import { randomBytes } from 'node:crypto';
import { retentionScheduleIdOf } from '../../workflows/contract.ts';
import { runSchedule } from '../support/run-schedule.ts';
import { type Stack, startStack } from '../support/stack.ts';

const TASK_QUEUE = `retention-${randomBytes(6).toString('hex')}`;

/** On the real Temporal: the schedule is there once a worker is, and what it runs forgets. */
describe('retention', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      env: {
        TEMPORAL_TASK_QUEUE: TASK_QUEUE,
        EVENT_RETENTION_DAYS: '10',
        TRANSACTION_RETENTION_DAYS: '5',
        MESSAGE_RETENTION_HOURS: '2',
      },
    });
  });
  afterAll(async () => {
    await stack?.temporal.schedule.getHandle(retentionScheduleIdOf(TASK_QUEUE)).delete();
    await stack?.stop();
  });

  const schedule = () => stack.temporal.schedule.getHandle(retentionScheduleIdOf(TASK_QUEUE));
  const run = () => runSchedule(stack.temporal, retentionScheduleIdOf(TASK_QUEUE));
  const settled = async (userId: string) => {
    const phone = await stack.enrolPhone(userId);
    const transactionId = await stack.begin(phone, { secure_message: 'a secret' });
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    await stack.callbacks.waitFor(transactionId);
    return transactionId;
  };
  /** As if it had been a while ago. */
  const age = async (transactionId: string, interval: string) => {
    const { knex } = stack.database;
    const ago = knex.raw('now() - ?::interval', [interval]);
    await knex('transactions').where({ id: transactionId }).update({ expires_at: ago });
    await knex('events').where({ transaction_id: transactionId }).update({ occurred_at: ago });
  };

  it('is scheduled once however many workers start', async () => {
    await stack.worker.stop();
    await stack.startWorker();
    const { spec, action } = await schedule().describe();
    expect(spec.intervals).toEqual([expect.objectContaining({ every: 3_600_000 })]);
    expect(action).toMatchObject({ workflowType: 'retention', taskQueue: TASK_QUEUE });
  });

  it('erases messages, then transactions, then events, each at its time', async () => {
    const [fresh, erased, gone] = [await settled('fresh'), await settled('erased'), await settled('gone')];
    await age(erased, '3 hours');
    await age(gone, '6 days');
    await run();
    const { knex } = stack.database;
    const texts = await knex('transactions')
      .orderBy('created_at')
      .select('id', 'sealed_message', 'sealed_secure_message');
    expect(texts).toEqual([
      { id: fresh, sealed_message: expect.any(String), sealed_secure_message: expect.any(String) },
      { id: erased, sealed_message: null, sealed_secure_message: null },
    ]);
    expect((await stack.portal.result(erased)).body).toMatchObject({ status: 'approved', user_id: 'erased' });
    expect((await stack.portal.result(gone)).status).toBe(404);
    const eventsOf = (id: string) =>
      knex('events').where({ transaction_id: id }).where('name', 'PUSH_AUTH_INITIALIZED');
    expect(await eventsOf(gone)).toHaveLength(1);

    await age(gone, '11 days');
    await run();
    expect(await eventsOf(gone)).toEqual([]);
    expect(await eventsOf(fresh)).toHaveLength(1);
  });
});
