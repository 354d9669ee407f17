import { createHash, randomBytes } from 'node:crypto';
import { createPortal } from '../support/portal.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('a running transaction', () => {
  let stack: Stack;
  let phone: Phone;

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
  });
  afterAll(() => stack?.stop());

  const resultOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body;
  const workflowOf = (transactionId: string) => stack.temporal.workflow.getHandle(`transaction:${transactionId}`);
  const stepsOf = (transactionId: string) =>
    stack.database.knex('push_sends').where({ transaction_id: transactionId }).orderBy('step').pluck('step');

  it('is pushed again on request, up to the maximum of its type and never beyond', async () => {
    const transactionId = await stack.begin(phone);
    const replies = [];
    for (let time = 0; time < 4; time += 1) replies.push(await stack.portal.resend('alice', transactionId));
    expect(replies.map(({ status, body }) => [status, body.error_code])).toEqual([
      [204, undefined],
      [204, undefined],
      [403, '3006'],
      [403, '3006'],
    ]);
    expect(await stepsOf(transactionId)).toEqual([0, 1, 2]);
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    expect(await stack.portal.resend('alice', transactionId)).toMatchObject({
      status: 404,
      body: { error_code: '3004' },
    });
  });

  it('is not lived longer by resends: the deadline is the one of the begin', async () => {
    await stack.database.knex('authentication_types').insert({
      name: 'push-three-seconds',
      method: 'push',
      time_to_live_seconds: 3,
      max_resends: 2,
    });
    const transactionId = await stack.begin(phone, { type: 'push-three-seconds' });
    await stack.portal.resend('alice', transactionId);
    await stack.portal.resend('alice', transactionId);
    await stack.callbacks.waitFor(transactionId);
    const [row] = await stack.database.knex('transactions').where({ id: transactionId });
    expect(row.status).toBe('expired');
    expect(row.expires_at.getTime() - row.created_at.getTime()).toBe(3_000);
    // Settled by the timer of the begin, not by one that a resend started anew two thirds of a second later.
    expect(row.settled_at.getTime() - row.expires_at.getTime()).toBeLessThan(3_000);
  });

  it('tells operators its story in the Temporal UI, line by line, and nothing personal in it', async () => {
    const transactionId = await stack.begin(phone, { message: 'A message for alice' });
    await stack.portal.resend('alice', transactionId);
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    const { currentDetails } = await workflowOf(transactionId).query<{ readonly currentDetails: string }>(
      '__temporal_workflow_metadata',
    );
    const lines = currentDetails.split('\n').map((line) => /^- \d{4}-\d\d-\d\dT[\d:.]+Z (.*)$/.exec(line)?.[1]);
    expect(lines).toEqual([
      'Pushed to the phone; waiting for its answer',
      'Pushed again, 1 of 2',
      'Settled: approved; the portal was told',
    ]);
    for (const personal of ['alice', phone.deviceId]) expect(currentDetails).not.toContain(personal);
  });

  it('is cancelled by its portal, which may do so as often as it likes', async () => {
    const transactionId = await stack.begin(phone);
    expect((await stack.portal.cancel(transactionId)).status).toBe(204);
    expect((await stack.portal.cancel(transactionId)).status).toBe(204);
    expect(await resultOf(transactionId)).toMatchObject({ status: 'cancelled', is_authenticated: false });
    expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
    expect((await phone.client.pending()).map((pending) => pending.transactionId)).not.toContain(transactionId);
  });

  it('stays approved when it is cancelled afterwards', async () => {
    const transactionId = await stack.begin(phone);
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    expect((await stack.portal.cancel(transactionId)).status).toBe(204);
    expect(await resultOf(transactionId)).toMatchObject({ status: 'approved' });
  });

  it.each([
    ['the signal cancel', 'cancelled', (id: string) => workflowOf(id).signal('cancel')],
    ['the update cancel', 'cancelled', (id: string) => workflowOf(id).executeUpdate('cancel')],
    ["Temporal's own cancellation", 'cancelled', (id: string) => workflowOf(id).cancel()],
    ['the signal deny', 'denied', (id: string) => workflowOf(id).signal('deny')],
    ['the update deny', 'denied', (id: string) => workflowOf(id).executeUpdate('deny', { args: ['not_me'] })],
  ])('is ended by an operator with %s', async (_how, status, act) => {
    const transactionId = await stack.begin(phone);
    await act(transactionId);
    await stack.callbacks.waitFor(transactionId);
    expect(await resultOf(transactionId)).toMatchObject({ status, is_authenticated: false });
  });

  it('belongs to its client: to another one it is unknown', async () => {
    const secret = randomBytes(32).toString('base64url');
    await stack.database.knex('api_clients').insert({
      id: 'other',
      name: 'Other portal',
      secret_sha256: createHash('sha256').update(secret).digest(),
      scopes: ['onegini_api_mobile_authentication'],
    });
    const other = createPortal(stack.apiUrl, { id: 'other', secret });
    const transactionId = await stack.begin(phone);
    const unknown = { status: 404, body: { error_code: '3004' } };
    expect(await other.result(transactionId)).toMatchObject(unknown);
    expect(await other.cancel(transactionId)).toMatchObject(unknown);
    expect(await other.resend('alice', transactionId)).toMatchObject(unknown);
    expect((await other.ticket('alice')).status).toBe(401);
    expect(await resultOf(transactionId)).toMatchObject({ status: 'pending' });
  });

  it('calls its portal back until it is heard, with the same body each time, and logs every attempt', async () => {
    stack.callbacks.answerNextWith(500, 302);
    const transactionId = await stack.begin(phone);
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    const callbacks = await stack.callbacks.waitFor(transactionId, 3);
    expect(new Set(callbacks.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await workflowOf(transactionId).result();
    const attempts = await stack.database
      .knex('callback_attempts')
      .where({ transaction_id: transactionId })
      .orderBy('attempted_at');
    expect(attempts.map(({ http_status, failure }) => [http_status, failure])).toEqual([
      [500, 'refused'],
      [302, 'refused'],
      [204, null],
    ]);
  });

  it('is settled before its portal is called: the result is there when the callback comes', async () => {
    const transactionId = await stack.begin(phone);
    const whenCalled = stack.callbacks.waitFor(transactionId).then(() => resultOf(transactionId));
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    expect(await whenCalled).toMatchObject({ status: 'approved' });
  });

  it('keeps the policy it began with when its type changes', async () => {
    const transactionId = await stack.begin(phone);
    await stack.database.knex('authentication_types').where({ name: 'push' }).update({ version: 2, max_resends: 0 });
    expect((await stack.portal.resend('alice', transactionId)).status).toBe(204);
    expect(await resultOf(transactionId)).toMatchObject({ policy_version: 1 });
  });
});
