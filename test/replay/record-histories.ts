/**
 * Records the histories that the replay tests run on, from the real server: `node test/replay/record-histories.ts NAME…`.
 * Without names it records those that are missing. A recorded history is never made anew: it stands for transactions
 * that were begun with the code of its day and still run.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { reconciliationScheduleIdOf } from '../../workflows/contract.ts';
import { aNumber } from '../adapters/an-sms.ts';
import { controlOf } from '../adapters/simulated-sms.ts';
import globalSetup from '../support/global-setup.ts';
import globalTeardown from '../support/global-teardown.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { runSchedule } from '../support/run-schedule.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';
import { whileWriting } from '../support/while-writing.ts';
import { HISTORIES, REPLAY_ENCRYPTION_KEYS } from './encryption-key.ts';

const { historyToJSON } = createRequire(import.meta.url)('@temporalio/common/lib/proto-utils.js');

/** Gives the transaction's id, or else the workflow's where it is another one. */
type Story = (stack: Stack, phone: Phone) => Promise<string>;

const approve = async (phone: Phone, transactionId: string) =>
  phone.client.approve(await phone.client.fetchChallenge(transactionId));

const STORIES: Readonly<Record<string, Story>> = {
  async approved(stack, phone) {
    const transactionId = await stack.begin(phone, { secure_message: 'Secure' });
    await approve(phone, transactionId);
    return transactionId;
  },
  async 'approved-findable'(stack, phone) {
    await stack.rollOut({ TEMPORAL_SEARCH_ATTRIBUTES: 'true' });
    try {
      for (;;) {
        // Their registration goes on in the background.
        const transactionId = await stack.begin(phone);
        const { typedSearchAttributes } = await stack.temporal.workflow
          .getHandle(`transaction:${transactionId}`)
          .describe();
        const isFindable = typedSearchAttributes.getAll().some(({ key }) => key.name === 'CountersignStatus');
        await approve(phone, transactionId);
        if (isFindable) return transactionId;
      }
    } finally {
      await stack.rollOut({ TEMPORAL_SEARCH_ATTRIBUTES: 'false' });
    }
  },
  async denied(stack, phone) {
    const transactionId = await stack.begin(phone);
    await phone.client.deny(transactionId, { reason: 'not_me' });
    return transactionId;
  },
  expired: (stack, phone) => stack.begin(phone, { type: 'push-brief' }),
  async resent(stack, phone) {
    const transactionId = await stack.begin(phone);
    for (let time = 0; time < 3; time += 1) await stack.portal.resend(phone.userId, transactionId);
    await approve(phone, transactionId);
    return transactionId;
  },
  async 'cancelled-by-portal'(stack, phone) {
    const transactionId = await stack.begin(phone);
    await stack.portal.cancel(transactionId);
    return transactionId;
  },
  async 'cancelled-by-operator'(stack, phone) {
    const transactionId = await stack.begin(phone);
    await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).signal('cancel');
    return transactionId;
  },
  async 'cancellation-requested'(stack, phone) {
    const transactionId = await stack.begin(phone);
    await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).cancel();
    return transactionId;
  },
  async 'denied-by-operator'(stack, phone) {
    const transactionId = await stack.begin(phone);
    await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).executeUpdate('deny');
    return transactionId;
  },
  async 'answered-while-worker-was-down'(stack, phone) {
    const transactionId = await stack.begin(phone);
    const challenge = await phone.client.fetchChallenge(transactionId);
    await stack.worker.stop();
    await phone.client.approve(challenge);
    await stack.startWorker();
    return transactionId;
  },
  async 'answers-refused-before-approval'(stack, phone) {
    const transactionId = await stack.begin(phone);
    const raw = await createRawPhone(stack.apiUrl, phone);
    for (let time = 0; time < 2; time += 1) await raw.answer(transactionId, `no armor ${time}`);
    await approve(phone, transactionId);
    return transactionId;
  },
  async 'callback-retried'(stack, phone) {
    stack.callbacks.answerNextWith(503, 503);
    const transactionId = await stack.begin(phone);
    await approve(phone, transactionId);
    await stack.callbacks.waitFor(transactionId, 3);
    return transactionId;
  },
  async 'callback-redelivered'(stack, phone) {
    const transactionId = await stack.begin(phone);
    await approve(phone, transactionId);
    await stack.callbacks.waitFor(transactionId, 1);
    stack.callbacks.answerNextWith(503);
    const path = `/oauth/api/v4/authenticate/transaction/${transactionId}/callbacks/redeliver`;
    await stack.portal.request('POST', path);
    await stack.callbacks.waitFor(transactionId, 3);
    return `redelivery:${transactionId}`;
  },
  async reconciliation(stack, phone) {
    const transactionId = await stack.begin(phone);
    await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).terminate();
    await stack.database
      .knex('transactions')
      .where({ id: transactionId })
      .update({ expires_at: stack.database.knex.raw("now() - interval '3 minutes'") });
    const taskQueue = stack.env.TEMPORAL_TASK_QUEUE as string;
    return runSchedule(stack.temporal, reconciliationScheduleIdOf(taskQueue));
  },
  async 'push-refused'(stack) {
    const phone = await stack.enrolPhone('unregistered');
    const token = encodeURIComponent(phone.pushToken);
    await fetch(`${stack.fcm.url}/simulator/registrations/${token}`, { method: 'DELETE' });
    await stack.begin(phone).catch(() => {});
    const [row] = await stack.database.knex('transactions').where({ user_id: 'unregistered' });
    return row.id;
  },
  async 'resend-unwritten'(stack, phone) {
    const transactionId = await stack.begin(phone);
    await whileWriting(stack, 'push_sends', 'wrong', () => stack.portal.resend(phone.userId, transactionId));
    await approve(phone, transactionId);
    return transactionId;
  },
  async 'begin-unwritten'(stack) {
    const phone = await stack.enrolPhone('unwritten');
    await whileWriting(stack, 'transactions', 'wrong', () => stack.begin(phone).catch(() => {}));
    return transactionOf(stack, 'unwritten');
  },
  async 'begin-timed-out'(stack) {
    const phone = await stack.enrolPhone('timed-out');
    await whileWriting(stack, 'transactions', 'slowly', () => stack.begin(phone).catch(() => {}));
    return transactionOf(stack, 'timed-out');
  },
  async 'pin-wrong-then-right'(stack) {
    const phone = await stack.enrolPhone('pin-right');
    await phone.client.setPin('48151');
    const challenge = await phone.client.fetchChallenge(await stack.begin(phone, { type: 'push-pin' }));
    for (const pin of ['11112', '48151']) await phone.client.approve(challenge, { pin });
    return challenge.transactionId;
  },
  async 'pin-attempts-exhausted'(stack) {
    const phone = await stack.enrolPhone('pin-exhausted');
    await phone.client.setPin('48151');
    const challenge = await phone.client.fetchChallenge(await stack.begin(phone, { type: 'push-pin' }));
    for (const pin of ['11112', '11113', '11114']) await phone.client.approve(challenge, { pin });
    return challenge.transactionId;
  },
  async 'signing-data'(stack) {
    const phone = await stack.enrolPhone('signing');
    const transactionId = await stack.begin(phone, { type: 'push-signing', signing_data: 'Pay 10 to Bob' });
    await approve(phone, transactionId);
    return transactionId;
  },
  async 'otp-approved'(stack, phone) {
    const { body } = await stack.portal.begin({ type: 'otp', callback_uri: stack.callbacks.url, message: 'Log in?' });
    await phone.client.approve(await phone.client.claimOtp(body.otp));
    return body.transaction_id;
  },
  async 'otp-expired-unclaimed'(stack) {
    const form = { type: 'otp-brief', callback_uri: stack.callbacks.url, message: 'Log in?' };
    return (await stack.portal.begin(form)).body.transaction_id;
  },
  async 'sms-approved'(stack) {
    const { id, code } = await beginSms(stack);
    await stack.portal.request('POST', `${API}/user/alice/sms/resend`, form({ transaction_id: id }));
    await verify(stack, id, wrong(code));
    await verify(stack, id, code);
    return id;
  },
  async 'sms-attempts-exhausted'(stack) {
    const { id, code } = await beginSms(stack);
    for (let attempt = 1; attempt <= 3; attempt += 1) await verify(stack, id, wrong(code, attempt));
    return id;
  },
  async 'sms-not-sent'(stack) {
    const to = '+15005550004';
    await stack.portal.begin({ type: 'sms', user_id: 'not-sent', phone_number: to });
    return (await stack.database.knex('transactions').where({ user_id: 'not-sent' }).first()).id;
  },
  async 'sms-after-push-failed'(stack) {
    const phone = await stack.enrolPhone('unreachable');
    await fetch(`${stack.fcm.url}/simulator/registrations/${encodeURIComponent(phone.pushToken)}`, {
      method: 'DELETE',
    });
    const { id, code } = await beginSms(stack, {
      ...{ type: 'push-sms', user_id: 'unreachable', device_id: phone.deviceId, message: '{code}' },
      callback_uri: stack.callbacks.url,
    });
    await verify(stack, id, code, 'unreachable');
    return id;
  },
};

/** Once it is written. */
async function transactionOf(stack: Stack, user_id: string): Promise<string> {
  for (;;) {
    const row = await stack.database.knex('transactions').where({ user_id }).first();
    if (row) return row.id;
  }
}

const API = '/oauth/api/v4/authenticate';

const form = (fields: Readonly<Record<string, string>>): RequestInit => ({ body: new URLSearchParams(fields) });

const wrong = (code: string, offset = 1): string => String((Number(code) + offset) % 1_000_000).padStart(6, '0');

async function beginSms(stack: Stack, fields: Readonly<Record<string, string>> = {}) {
  const phone_number = aNumber();
  const { body } = await stack.portal.begin({ type: 'sms', user_id: 'alice', phone_number, ...fields });
  const [message] = await controlOf(stack.twilio?.url ?? '').waitFor(phone_number);
  return { id: body.transaction_id as string, code: /\d{6}/.exec(message.body)?.[0] as string };
}

function verify(stack: Stack, transaction_id: string, sms_code: string, userId = 'alice') {
  return stack.portal.request('POST', `${API}/user/${userId}/sms`, form({ transaction_id, sms_code }));
}

const wanted = process.argv.slice(2);
await globalSetup();
const stack = await startStack({ encryptionKeys: REPLAY_ENCRYPTION_KEYS, withSms: true });
try {
  await stack.database.knex('authentication_types').insert([
    { name: 'push-brief', method: 'push', time_to_live_seconds: 1, max_resends: 0 },
    { name: 'otp-brief', method: 'otp', time_to_live_seconds: 1, max_resends: 0 },
  ]);
  const phone = await stack.enrolPhone('alice');
  mkdirSync(HISTORIES, { recursive: true });
  for (const [name, tell] of Object.entries(STORIES)) {
    const file = new URL(`${name}.json`, HISTORIES);
    if (wanted.length > 0 ? !wanted.includes(name) : existsSync(file)) continue;
    const id = await tell(stack, phone);
    const handle = stack.temporal.workflow.getHandle(id.includes(':') ? id : `transaction:${id}`);
    await handle.result();
    writeFileSync(file, `${historyToJSON(await handle.fetchHistory())}\n`);
    process.stdout.write(`${name}\n`);
  }
} finally {
  await stack.stop();
  await globalTeardown();
}
