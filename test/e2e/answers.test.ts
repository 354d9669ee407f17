import { randomUUID } from 'node:crypto';
import { createRawPhone, type RawPhone } from '../support/raw-phone.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let phone: Phone;
let raw: RawPhone;

beforeAll(async () => {
  stack = await startStack();
  phone = await stack.enrolPhone('alice');
  raw = await createRawPhone(stack.apiUrl, phone);
});
afterAll(() => stack?.stop());

describe('an answer', () => {
  beforeAll(async () => {
    await stack.database.knex('authentication_types').insert({
      name: 'push-brief',
      method: 'push',
      time_to_live_seconds: 1,
      max_resends: 0,
    });
  });

  const statusOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body.status;
  const denial = (transactionId: string) => ({
    purpose: 'answer',
    transactionId,
    enrolmentId: raw.enrolmentId,
    decision: 'deny',
  });

  it('that denies ends the transaction as denied, with the reason that the vendor names', async () => {
    const transactionId = await stack.begin(phone);
    const challenge = await phone.client.fetchChallenge(transactionId);
    expect(await phone.client.deny(challenge)).toEqual({ status: 'denied' });
    await stack.callbacks.waitFor(transactionId);
    expect((await stack.portal.result(transactionId)).body).toMatchObject({
      is_authenticated: false,
      status: 'denied',
      not_authenticated_reason: { reason: 'not_accepted', description: expect.any(String) },
    });
  });

  it('may deny without opening the request, and say why', async () => {
    const transactionId = await stack.begin(phone);
    expect(await phone.client.deny(transactionId, { reason: 'not_me' })).toEqual({ status: 'denied' });
    const events = await stack.database.knex('events').where({ transaction_id: transactionId }).orderBy('id');
    expect(events.map(({ name, details }) => [name, details])).toContainEqual([
      'MOBILE_AUTH_NOT_AUTHENTICATED',
      { by: 'user', reason: 'not_me' },
    ]);
  });

  it('that approves must repeat the nonce of the fetched challenge', async () => {
    const transactionId = await stack.begin(phone);
    const blind = await raw.seal({ ...denial(transactionId), decision: 'approve', nonce: 'guessed' });
    expect(await raw.answer(transactionId, blind)).toMatchObject({ status: 409, body: { code: 'challenge_not_read' } });
    expect(await statusOf(transactionId)).toBe('pending');
  });

  it('after the decision changes nothing and is told so', async () => {
    const transactionId = await stack.begin(phone);
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    const second = await raw.answer(transactionId, await raw.seal(denial(transactionId)));
    expect(second).toMatchObject({ status: 409, body: { code: 'transaction_already_settled' } });
    expect(await statusOf(transactionId)).toBe('approved');
  });

  it('after the deadline is refused, and the transaction stays expired', async () => {
    const transactionId = await stack.begin(phone, { type: 'push-brief' });
    const approval = await raw.approval(transactionId);
    await stack.callbacks.waitFor(transactionId);
    expect(await raw.answer(transactionId, approval)).toMatchObject({
      status: 410,
      body: { code: 'transaction_expired' },
    });
    const path = `/device/v1/transactions/${transactionId}/fetch`;
    expect(await raw.request('POST', path, { requestId: randomUUID() })).toMatchObject({ status: 410 });
    const events = await stack.database.knex('events').where({ transaction_id: transactionId }).orderBy('id');
    expect(events.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'PUSH_AUTH_NOT_AUTHENTICATED_TRANSACTION_EXPIRED',
        'MOBILE_AUTH_FETCH_FAILED_TRANSACTION_EXPIRED',
      ]),
    );
    const { body } = await stack.portal.result(transactionId);
    expect(body).toMatchObject({ status: 'expired', is_authenticated: false });
    expect(body).not.toHaveProperty('not_authenticated_reason');
  });

  it('of another phone finds no transaction', async () => {
    const transactionId = await stack.begin(phone);
    const mallory = await createRawPhone(stack.apiUrl, await stack.enrolPhone('mallory'));
    const sealed = await mallory.seal({ ...denial(transactionId), enrolmentId: mallory.enrolmentId });
    expect(await mallory.answer(transactionId, sealed)).toMatchObject({
      status: 404,
      body: { code: 'transaction_unknown' },
    });
    const fetched = await mallory.request('POST', `/device/v1/transactions/${transactionId}/fetch`, {
      requestId: randomUUID(),
    });
    expect(fetched).toMatchObject({ status: 404, body: { code: 'transaction_unknown' } });
    expect(await statusOf(transactionId)).toBe('pending');
  });

  it('to one transaction is no answer to another', async () => {
    const first = await stack.begin(phone);
    const second = await stack.begin(phone);
    const approvalOfFirst = await raw.approval(first);
    expect(await raw.answer(second, approvalOfFirst)).toMatchObject({ status: 400, body: { code: 'answer_invalid' } });
    expect(await statusOf(second)).toBe('pending');
    expect(await raw.answer(first, approvalOfFirst)).toMatchObject({ status: 200 });
  });

  it('that does not decrypt, or is signed by somebody else, is refused and harms nothing', async () => {
    const transactionId = await stack.begin(phone);
    const mallory = await createRawPhone(stack.apiUrl, await stack.enrolPhone('mallory-2'));
    for (const hostile of ['no armor at all', await mallory.seal(denial(transactionId))]) {
      expect(await raw.answer(transactionId, hostile)).toMatchObject({
        status: 400,
        body: { code: 'answer_undecryptable' },
      });
    }
    expect(await raw.answer(transactionId, await raw.approval(transactionId))).toMatchObject({ status: 200 });
  });

  it('sent again byte for byte, its reply being lost, gets the same reply', async () => {
    const transactionId = await stack.begin(phone);
    const approval = await raw.approval(transactionId);
    for (let time = 0; time < 3; time += 1) {
      const reply = await raw.answer(transactionId, approval);
      expect(reply.status).toBe(200);
      expect(await raw.open(reply.body.message)).toMatchObject({ purpose: 'answer_reply', status: 'approved' });
    }
    expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
  });

  it('of sixteen at once is one decision, and fifteen are told that it is settled', async () => {
    const transactionId = await stack.begin(phone);
    const nonce = await raw.fetchNonce(transactionId);
    const sealed = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        raw.seal({ ...denial(transactionId), ...(index % 2 === 0 && { decision: 'approve', nonce }) }),
      ),
    );
    const replies = await Promise.all(sealed.map((answer) => raw.answer(transactionId, answer)));
    const taken = replies.filter(({ status }) => status === 200);
    expect(taken).toHaveLength(1);
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      Array(15).fill([409, 'transaction_already_settled']),
    );
    const { status } = (await raw.open(taken[0]?.body.message)) as { status: string };
    expect(await statusOf(transactionId)).toBe(status);
    expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
  });

  it('stops being heard after fifty refusals, while the transaction can still be cancelled', async () => {
    const transactionId = await stack.begin(phone);
    const codes = new Set<string>();
    for (let time = 0; time < 51; time += 1) {
      const reply = await raw.answer(transactionId, `no armor ${time}`);
      codes.add(`${time < 50} ${reply.status} ${reply.body.code}`);
    }
    expect([...codes]).toEqual(['true 400 answer_undecryptable', 'false 429 too_many_answers']);
    expect((await stack.portal.cancel(transactionId)).status).toBe(204);
    expect(await statusOf(transactionId)).toBe('cancelled');
  });
});

describe('a fetch', () => {
  const fetchWith = (transactionId: string, requestId: string) =>
    raw.request('POST', `/device/v1/transactions/${transactionId}/fetch`, { requestId });

  it('is answered again for the same request and refused for another', async () => {
    const transactionId = await stack.begin(phone, { secure_message: 'Pay 10 € to Bob' });
    const requestId = randomUUID();
    const first = await fetchWith(transactionId, requestId);
    const again = await fetchWith(transactionId, requestId);
    // All but the time that is left.
    const told = (await raw.open(first.body.message)) as object;
    expect(await raw.open(again.body.message)).toEqual({ ...told, expiresInMs: expect.any(Number) });
    expect(await raw.open(first.body.message)).toMatchObject({ message: 'Pay 10 € to Bob', requestId });
    expect(await fetchWith(transactionId, randomUUID())).toMatchObject({
      status: 409,
      body: { code: 'challenge_already_fetched' },
    });
  });

  it('is refused once the transaction is settled', async () => {
    const transactionId = await stack.begin(phone);
    await phone.client.deny(transactionId);
    expect(await fetchWith(transactionId, randomUUID())).toMatchObject({
      status: 409,
      body: { code: 'transaction_already_settled' },
    });
  });

  it('shows the short message where the portal gave no secure one', async () => {
    const transactionId = await stack.begin(phone, { message: 'Just this' });
    expect(await phone.client.fetchChallenge(transactionId)).toMatchObject({ message: 'Just this' });
  });

  it('finds pending transactions newest first', async () => {
    const older = await stack.begin(phone);
    const newer = await stack.begin(phone);
    const ids = (await phone.client.pending()).map(({ transactionId }) => transactionId);
    expect(ids.indexOf(newer)).toBeGreaterThanOrEqual(0);
    expect(ids.indexOf(newer)).toBeLessThan(ids.indexOf(older));
  });
});
