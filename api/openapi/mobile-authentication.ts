import { z } from 'zod';
import { beginForm } from '../routes/mobile-authentication/begin-request.ts';
import type { ApiVersion } from '../routes/mobile-authentication/push-target.ts';
import { smsCode } from '../routes/mobile-authentication/verify-sms.ts';
import { bothShapesFormat } from './error-formats.ts';
import { EXAMPLE } from './example-values.ts';
import { availabilityOperations } from './mobile-authentication-availability.ts';
import {
  begunReply,
  callbackListReply,
  cancelledReply,
  nothingNewReply,
  receiptReply,
  redeliveryReply,
  resentReply,
  resultReply,
  stagesReply,
  verifiedReply,
} from './mobile-authentication-replies.ts';
import type { Operation, RequestBody, Surface } from './operation.ts';
import { textReply } from './replies.ts';

const FORM = 'application/x-www-form-urlencoded';
const TRANSACTION = { transaction_id: EXAMPLE.transactionId };
const transactionForm = z.object({ transaction_id: z.uuid() });

/** The vendor's mobile authentication API in one of its versions. */
export function mobileAuthenticationSurface(version: ApiVersion): Surface {
  const base = `/oauth/api/${version}/authenticate`;
  const transaction = `${base}/transaction/{transactionId}`;
  const user = `${base}/user/{userId}`;
  const as = { credential: 'client' } as const;
  const operations: readonly Operation[] = [
    {
      ...as,
      method: 'post',
      path: `${base}/user`,
      summary: 'Begins a transaction, and replies after the push or SMS was handed over',
      headers: {
        'idempotency-key': {
          description: 'The same key and form give the same transaction and reply.',
          isRequired: false,
          example: 'order-4711',
        },
      },
      request: beginRequest(version),
      replies: [begunReply],
      errors: [
        ...([1001, 1002, 1003, 1005, 3000, 3001, 3002, 3005] as const),
        ...(['idempotency_key_reused', 'sms_budget_exceeded', 'user_blocked', 'user_asked_too_often'] as const),
      ],
    },
    ...availabilityOperations(base, version),
    {
      ...as,
      method: 'post',
      path: `${user}/push/resend`,
      summary: 'Pushes the same request again',
      request: { mediaType: FORM, schema: transactionForm, examples: { again: TRANSACTION } },
      replies: [resentReply],
      errors: [1002, 3004, 3006],
    },
    {
      ...as,
      method: 'post',
      path: `${user}/sms`,
      summary: 'Brings back the code of an SMS',
      request: {
        mediaType: FORM,
        schema: transactionForm.extend({ sms_code: smsCode }),
        examples: { code: { ...TRANSACTION, sms_code: EXAMPLE.smsCode } },
      },
      replies: [verifiedReply],
      errors: [1003, 3003, 3004],
    },
    {
      ...as,
      method: 'post',
      path: `${user}/sms/resend`,
      summary: 'Sends the same code again',
      request: { mediaType: FORM, schema: transactionForm, examples: { again: TRANSACTION } },
      replies: [resentReply],
      errors: [3000, 3001, 3002, 3004, 3005, 3006, 'sms_budget_exceeded'],
    },
    { ...as, method: 'get', path: transaction, summary: 'The result', replies: [resultReply], errors: [3004] },
    {
      ...as,
      method: 'delete',
      path: transaction,
      summary: 'Cancels the transaction, where it is not over yet',
      replies: [cancelledReply],
      errors: [3004],
    },
    {
      ...as,
      method: 'get',
      path: `${transaction}/receipt`,
      summary: 'The signed receipt of a transaction that has ended',
      replies: [receiptReply],
      errors: [3004, 'transaction_pending'],
    },
    {
      ...as,
      method: 'get',
      path: `${transaction}/callbacks`,
      summary: 'Every attempt to call the portal back',
      replies: [callbackListReply],
      errors: [3004],
    },
    {
      ...as,
      method: 'post',
      path: `${transaction}/callbacks/redeliver`,
      summary: 'Calls the portal back once more',
      replies: [redeliveryReply],
      errors: [3004, 'transaction_pending', 'redelivery_underway', 'redeliveries_used_up'],
    },
    ...(version === 'v4' ? [stages(`${transaction}/events`)] : []),
    ...(['svg', 'png'] as const).map((format) => drawing(`${transaction}/otp.${format}`, format)),
  ];
  return {
    name: `Mobile authentication ${version}`,
    description: 'Portals ask a user, and read the result.',
    errors: [
      ...(['client_unauthenticated', 'too_many_failures', 'overloaded', 'unavailable', 1000] as const),
      ...(version === 'v4' ? [] : ([4001] as const)),
    ],
    bodyErrors: ['request_invalid', 'body_too_large', 'media_type_unsupported'],
    errorFormat: bothShapesFormat,
    operations,
  };
}

function stages(path: string): Operation {
  return {
    credential: 'stages',
    method: 'get',
    path,
    summary: 'The stages of a transaction, as they happen',
    headers: {
      'last-event-id': { description: 'Goes on after this message.', isRequired: false, example: '0-0' },
    },
    replies: [stagesReply, nothingNewReply],
    errors: [3004],
  };
}

const query = z.object({ content: z.enum(['code', 'link']).default('code') });

function drawing(path: string, format: 'svg' | 'png'): Operation {
  return {
    credential: 'client',
    method: 'get',
    path,
    summary: `The code of a transaction of method otp as a QR code, ${format.toUpperCase()}`,
    query: { schema: query, example: { content: 'link' } },
    replies: [
      format === 'svg'
        ? textReply('The picture.', 'image/svg+xml', z.string(), '<svg xmlns="http://www.w3.org/2000/svg">…</svg>')
        : textReply('The picture.', 'image/png', z.string(), '(bytes of a PNG)'),
    ],
    errors: [3004],
  };
}

function beginRequest(version: ApiVersion): RequestBody {
  const place = { callback_uri: EXAMPLE.callbackUri };
  const target = {
    v4: { device_id: EXAMPLE.deviceId },
    v3: { app_id: 'demo-app' },
    v2: {},
  }[version];
  return {
    mediaType: FORM,
    schema: beginForm,
    examples: {
      push: {
        ...{ type: 'push', user_id: EXAMPLE.userId, ...target, ...place },
        ...{ message: 'Pay 10 euro?', secure_message: 'Pay 10 euro to the shop in Utrecht?' },
        events: 'true',
      },
      number: { type: 'push-number', user_id: EXAMPLE.userId, ...target, ...place, message: 'Log in?' },
      signing: {
        ...{ type: 'push-signing', user_id: EXAMPLE.userId, ...target, ...place },
        ...{ message: 'Sign the payment?', signing_data: 'amount: 10\nto: shop' },
      },
      otp: { type: 'otp', ...place, message: 'Log in at the desk?' },
      sms: { type: 'sms', user_id: EXAMPLE.userId, phone_number: EXAMPLE.phoneNumber, message: 'Your code: {code}' },
    },
  };
}
