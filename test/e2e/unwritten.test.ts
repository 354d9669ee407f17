import { aNumber } from '../adapters/an-sms.ts';
import { controlOf } from '../adapters/simulated-sms.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { whileWriting } from '../support/while-writing.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ withSms: true });
});
afterAll(() => stack?.stop());

const UNAVAILABLE = { status: 503, body: { error_code: 'unavailable' } };

it('a push that could not be recorded: the resend is answered with 503, and the transaction lives on', async () => {
  const phone = await stack.enrolPhone('alice');
  const transactionId = await stack.begin(phone);
  const reply = await whileWriting(stack, 'push_sends', 'wrong', () => stack.portal.resend('alice', transactionId));
  expect(reply).toMatchObject(UNAVAILABLE);
  expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);

  expect(await stack.portal.resend('alice', transactionId)).toMatchObject({ status: 204 });
  expect(await phone.client.approve(await phone.client.fetchChallenge(transactionId))).toEqual({ status: 'approved' });
  expect(await stack.callbacks.waitFor(transactionId)).toHaveLength(1);
});

it('an SMS that could not be recorded: the resend is answered with 503, and the transaction lives on', async () => {
  const to = aNumber();
  const form = { type: 'sms', user_id: 'bob', phone_number: to };
  const { transaction_id } = (await stack.portal.begin(form)).body;
  const request = (path: string, more: Record<string, string> = {}) =>
    stack.portal.request('POST', `/oauth/api/v4/authenticate/user/bob/sms${path}`, {
      body: new URLSearchParams({ transaction_id, ...more }),
    });
  expect(await whileWriting(stack, 'sms_sends', 'wrong', () => request('/resend'))).toMatchObject(UNAVAILABLE);

  const [message] = await controlOf(stack.twilio?.url ?? '').waitFor(to);
  const sms_code = /\b\d{6}\b/.exec(message.body)?.[0] as string;
  expect(await request('', { sms_code })).toMatchObject({ status: 200 });
});

it.each(['wrong', 'slowly'] as const)(
  'a begin whose writing goes %s: 503, and failed once it can be written',
  async (goes) => {
    const user_id = `carol-${goes}`;
    const phone = await stack.enrolPhone(user_id);
    const form = { type: 'push', user_id, device_id: phone.deviceId, callback_uri: stack.callbacks.url };
    expect(await whileWriting(stack, 'transactions', goes, () => stack.portal.begin(form))).toMatchObject(UNAVAILABLE);

    const find = () => stack.database.knex('transactions').where({ user_id }).first();
    let row = await find();
    while (!row) row = await find();
    const state = await stack.temporal.workflow.getHandle(`transaction:${row.id}`).result();
    expect(state).toMatchObject({ status: 'failed' });
    expect(await find()).toMatchObject({ status: 'failed', outcome: { reason: 'failed_to_send' } });
  },
);
