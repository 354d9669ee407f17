import { z } from 'zod';
import { transactionsQuery } from '../routes/transactions/list-transactions.ts';
import { ownerQuery } from '../routes/transactions/named-transaction.ts';
import { reasonBody } from '../routes/transactions/reason.ts';
import { EXAMPLE } from './example-values.ts';
import type { Operation } from './operation.ts';
import { emptyReply, jsonReply } from './replies.ts';

const ALL = '/admin/v1/transactions';
const ONE = `${ALL}/{id}`;
const as = { credential: 'operator' } as const;
const text = z.string();
const perhaps = text.nullable();
const ms = z.number().describe('Epoch milliseconds.');

const item = z.object({
  ...{ id: z.uuid(), userId: perhaps, deviceId: perhaps, type: text, method: text, status: text, clientId: text },
  ...{ createdAtMs: ms, expiresAtMs: ms, settledAtMs: ms.nullable() },
});

const detail = item.extend({
  ...{ applicationId: perhaps, policyVersion: z.int(), deviceName: perhaps, platform: perhaps, isBySms: z.boolean() },
  ...{ resends: z.int(), maxResends: z.int().nullable(), attempts: z.int(), reason: perhaps, hasReceipt: z.boolean() },
  callback: z.object({
    uri: perhaps.describe('Without its query.'),
    state: z.enum(['none', 'not_yet', 'waiting', 'quarantined', 'delivered', 'given_up']),
  }),
  workflowId: text,
  timeline: z.array(z.object({ atMs: ms, kind: text, title: text, details: z.record(text, z.unknown()) })),
});

const ITEM = {
  ...{ id: EXAMPLE.transactionId, userId: EXAMPLE.userId, deviceId: EXAMPLE.deviceId, type: 'push', method: 'push' },
  ...{ status: 'pending', clientId: 'demo-portal', createdAtMs: EXAMPLE.createdAtMs },
  ...{ expiresAtMs: EXAMPLE.createdAtMs + 120_000, settledAtMs: null },
};

const DETAIL = {
  ...{ ...ITEM, applicationId: 'demo-app', policyVersion: 1, deviceName: "alice's phone", platform: 'android' },
  ...{ isBySms: false, resends: 0, maxResends: 2, attempts: 0, reason: null, hasReceipt: false },
  ...{ callback: { uri: EXAMPLE.callbackUri, state: 'not_yet' }, workflowId: `transaction:${EXAMPLE.transactionId}` },
  timeline: [{ atMs: EXAMPLE.createdAtMs, kind: 'begun', title: 'Begun by push', details: {} }],
};

const because: Pick<Operation, 'request'> = {
  request: {
    ...{ mediaType: 'application/json', schema: reasonBody },
    examples: { because: { reason: 'The user called: it was not them.' } },
  },
};

const owned = { query: { schema: ownerQuery, example: { userId: EXAMPLE.userId } } };

/** What operators see of transactions, and do with them. */
export const transactionOperations: readonly Operation[] = [
  {
    ...{ ...as, method: 'get', path: ALL, summary: 'Transactions of all clients, newest first' },
    query: { schema: transactionsQuery, example: { userId: EXAMPLE.userId, limit: '50' } },
    replies: [
      jsonReply(200, 'One page.', z.object({ items: z.array(item), next: perhaps }), { items: [ITEM], next: null }),
    ],
    errors: ['request_invalid'],
  },
  {
    ...{ ...as, ...owned, method: 'get', path: ONE, summary: 'A transaction, and all that happened to it' },
    replies: [jsonReply(200, 'The transaction.', detail, DETAIL)],
    errors: ['request_invalid', 'resource_unknown'],
  },
  {
    ...{ ...as, method: 'delete', path: ONE, summary: 'Ends a transaction of any client' },
    replies: [emptyReply('It is over.')],
    errors: ['resource_unknown'],
  },
  {
    ...{ ...as, ...owned, method: 'get', path: `${ONE}/receipt`, summary: 'The signed receipt of a transaction' },
    replies: [
      jsonReply(200, 'The receipt, a JWS.', z.object({ receipt: text }), { receipt: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln' }),
    ],
    errors: ['request_invalid', 'resource_unknown', 'transaction_pending'],
  },
  {
    ...{ ...as, ...because, method: 'post', path: `${ONE}/cancel`, summary: 'Ends a transaction, for a reason' },
    replies: [emptyReply('It is over.')],
    errors: ['resource_unknown'],
  },
  {
    ...{ ...as, ...because, method: 'post', path: `${ONE}/resend`, summary: 'Sends the push or SMS again' },
    replies: [emptyReply('Sent.')],
    errors: [
      ...(['resource_unknown', 'transaction_already_settled', 'transaction_expired'] as const),
      ...(['resend_limit_reached', 'resend_failed', 'sms_budget_exceeded'] as const),
    ],
  },
  {
    ...{ ...as, ...because, method: 'post', path: `${ONE}/redeliver`, summary: 'Calls the portal back once more' },
    replies: [jsonReply(202, 'It is under way.', z.object({ delivery: z.int() }), { delivery: 1 })],
    errors: ['resource_unknown', 'transaction_pending', 'redelivery_underway', 'redeliveries_used_up'],
  },
];
