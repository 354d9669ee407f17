import { z } from 'zod';
import { EXAMPLE } from './example-values.ts';
import { emptyReply, jsonReply, textReply } from './replies.ts';

const id = z.uuid();
const TRANSACTION = { transaction_id: EXAMPLE.transactionId };

export const begunReply = jsonReply(
  200,
  'Begun.',
  z.object({
    transaction_id: id,
    auth_method: z.enum(['push', 'otp', 'sms']),
    time_to_live: z.int().describe('Milliseconds.'),
    device: z.object({ name: z.string(), platform: z.string() }).optional(),
    number: z.string().optional().describe('To be shown to the user, who types it on the phone.'),
    otp: z.string().optional().describe('To be shown as a QR code.'),
    events_token: z.string().optional().describe('Lets a page hear the stages of this transaction.'),
  }),
  {
    ...TRANSACTION,
    auth_method: 'push',
    time_to_live: 120_000,
    device: { name: "alice's phone", platform: 'android' },
  },
);

export const resultReply = jsonReply(
  200,
  'The result; while nothing is decided `status` is `pending`.',
  z.object({
    callback_uri: z.string().optional(),
    transaction_id: id,
    timestamp: z.int().describe('Of the begin, epoch milliseconds.'),
    user_id: z.string().optional(),
    is_authenticated: z.boolean(),
    authentication_method: z.string(),
    status: z.enum(['pending', 'approved', 'denied', 'failed', 'expired', 'cancelled']),
    policy_version: z.int(),
    used_authentication_attempts: z.int().optional(),
    signature: z.string().optional().describe('Base64, ASN.1 DER.'),
    user_public_key: z.string().optional().describe('PEM.'),
    signature_verified: z.boolean().optional(),
    not_authenticated_reason: z.object({ reason: z.string(), description: z.string() }).optional(),
  }),
  {
    callback_uri: EXAMPLE.callbackUri,
    ...TRANSACTION,
    timestamp: EXAMPLE.createdAtMs,
    user_id: EXAMPLE.userId,
    is_authenticated: true,
    authentication_method: 'push',
    status: 'approved',
    policy_version: 1,
  },
);

export const verifiedReply = jsonReply(200, 'The code was right.', z.object({ transaction_id: id }), TRANSACTION);

export const receiptReply = jsonReply(200, 'The receipt, a JWS.', z.object({ receipt: z.string() }), {
  receipt: 'eyJhbGciOiJFZERTQSJ9.eyJ0cmFuc2FjdGlvbklkIjoi4oCmIn0.c2lnbmF0dXJl',
});

export const callbackListReply = jsonReply(
  200,
  'Oldest first.',
  z.object({
    callback_uri: z.string().optional(),
    transaction_id: id,
    delivered: z.boolean(),
    attempts: z.array(
      z.object({
        timestamp: z.int().describe('Epoch milliseconds.'),
        duration: z.number().describe('Milliseconds.'),
        delivery: z.int().describe('0 is the callback itself, others are redeliveries.'),
        number: z.int(),
        http_status: z.int().optional(),
        failure: z.string().optional(),
      }),
    ),
  }),
  {
    callback_uri: EXAMPLE.callbackUri,
    ...TRANSACTION,
    delivered: true,
    attempts: [{ timestamp: EXAMPLE.createdAtMs, duration: 41, delivery: 0, number: 0, http_status: 204 }],
  },
);

export const redeliveryReply = jsonReply(202, 'Under way.', z.object({ transaction_id: id, delivery: z.int() }), {
  ...TRANSACTION,
  delivery: 1,
});

export const stagesReply = textReply(
  'Server-sent events: a `stage` each, with its data in JSON, and at last `end`.',
  'text/event-stream',
  z.string(),
  [
    ...['retry: 1000', ''],
    ...['id: 4711-0', 'event: stage', `data: {"stage":"accepted","at":${EXAMPLE.createdAtMs}}`, ''],
    ...['event: end', 'data: {}', '', ''],
  ].join('\n'),
);

export const nothingNewReply = emptyReply('The stages are over, and all were heard.');

export const resentReply = emptyReply('Sent again.');
export const cancelledReply = emptyReply('The transaction is over, however it ended.');
