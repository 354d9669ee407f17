import { createRawPhone, type RawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('when the worker is gone', () => {
  let stack: Stack;
  let phone: Phone;
  let raw: RawPhone;

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
    raw = await createRawPhone(stack.apiUrl, phone);
    await stack.database.knex('authentication_types').insert({
      name: 'push-ten-seconds',
      method: 'push',
      time_to_live_seconds: 10,
      max_resends: 0,
    });
  });
  afterAll(() => stack?.stop());

  const settledEvents = (transactionId: string) =>
    stack.database
      .knex('events')
      .where({ transaction_id: transactionId })
      .whereIn('name', ['MOBILE_AUTH_AUTHENTICATED', 'MOBILE_AUTH_NOT_AUTHENTICATED', 'MOBILE_AUTH_EXPIRED'])
      .pluck('name');

  it('killed between begin and answer, another one goes on: settled once, called back once', async () => {
    const transactionId = await stack.begin(phone);
    const challenge = await phone.client.fetchChallenge(transactionId);
    await stack.worker.kill();
    await stack.startWorker();
    expect(await phone.client.approve(challenge)).toEqual({ status: 'approved' });
    await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).result();
    expect(await settledEvents(transactionId)).toEqual(['MOBILE_AUTH_AUTHENTICATED']);
    expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
  });

  it('an answer is recorded with 202, and counts as soon as a worker is there', async () => {
    const transactionId = await stack.begin(phone);
    const approval = await raw.approval(transactionId);
    expect(await stack.worker.stop()).toBe(0);
    expect(await raw.answer(transactionId, approval)).toMatchObject({ status: 202, body: { status: 'recorded' } });
    expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: 'pending' });
    await stack.startWorker();
    expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
    expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: 'approved' });
    expect((await raw.answer(transactionId, approval)).status).toBe(200);
  });

  it('an answer recorded in time counts, even if the worker comes back after the deadline', async () => {
    const transactionId = await stack.begin(phone, { type: 'push-ten-seconds' });
    const approval = await raw.approval(transactionId);
    await stack.worker.stop();
    expect((await raw.answer(transactionId, approval)).status).toBe(202);
    // The timer of the transaction fires in Temporal while nobody is there to see it.
    const handle = stack.temporal.workflow.getHandle(`transaction:${transactionId}`);
    let fired = false;
    while (!fired) {
      const { events } = await handle.fetchHistory();
      fired = events?.some(({ timerFiredEventAttributes }) => timerFiredEventAttributes) === true;
    }
    await stack.startWorker();
    await stack.callbacks.waitFor(transactionId);
    expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: 'approved' });
    expect(await settledEvents(transactionId)).toEqual(['MOBILE_AUTH_AUTHENTICATED']);
  });

  it('a begin is refused with 503, and its push is not sent when a worker comes too late', async () => {
    const bob = await stack.enrolPhone('bob');
    await stack.worker.stop();
    const form = {
      type: 'push',
      user_id: 'bob',
      device_id: bob.deviceId,
      callback_uri: stack.callbacks.url,
      message: 'Log in?',
    };
    const refused = await stack.portal.begin(form);
    expect(refused).toMatchObject({ status: 503, body: { error_code: 'unavailable' } });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);

    const keyed = stack.portal.begin(form, { 'idempotency-key': 'bob-logs-in' });
    expect((await keyed).status).toBe(503);
    await stack.startWorker();
    const again = await stack.portal.begin(form, { 'idempotency-key': 'bob-logs-in' });
    expect(again.status).toBe(200);
    const pushes = await fetch(`${stack.fcm.url}/simulator/pushes?token=${encodeURIComponent(bob.pushToken)}`);
    const { pushes: sent } = (await pushes.json()) as { pushes: { message: { data: { content: string } } }[] };
    expect(sent.map(({ message }) => JSON.parse(message.data.content).og_transaction_id)).toEqual([
      again.body.transaction_id,
    ]);
  });
});
