import { z } from 'zod';
import { twilioForm, twilioQuery } from '../routes/sms/record-twilio-status.ts';
import { problemFormat } from './error-formats.ts';
import { EXAMPLE } from './example-values.ts';
import type { Operation, Surface } from './operation.ts';
import { emptyReply, jsonReply, textReply } from './replies.ts';

const readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  database: z.boolean(),
  temporal: z.boolean(),
  draining: z.boolean().optional(),
});
const READY = { status: 'ready', database: true, temporal: true };
const as = { credential: 'none', method: 'get' } as const;

const OPERATIONS: readonly Operation[] = [
  {
    ...{ ...as, path: '/livez', summary: 'Whether the process lives' },
    replies: [jsonReply(200, 'It lives.', z.object({ status: z.literal('alive') }), { status: 'alive' })],
    errors: [],
  },
  {
    ...{ ...as, path: '/readyz', summary: 'Whether PostgreSQL and Temporal answer' },
    replies: [
      jsonReply(200, 'Both answer.', readiness, READY),
      jsonReply(503, 'One does not.', readiness, { ...READY, status: 'not_ready', temporal: false }),
    ],
    errors: [],
  },
  {
    ...{ ...as, path: '/metrics', summary: 'Metrics for Prometheus, where a token for them is configured' },
    headers: {
      authorization: { description: 'Bearer, and the configured token.', isRequired: true, example: 'Bearer token' },
    },
    replies: [textReply('The metrics.', 'text/plain', z.string(), 'process_cpu_seconds_total 1.5')],
    errors: [],
  },
  {
    ...{ ...as, path: '/openapi.json', summary: 'This description' },
    replies: [jsonReply(200, 'OpenAPI 3.1.', z.looseObject({ openapi: z.string() }), { openapi: '3.1.1' })],
    errors: ['overloaded'],
  },
  {
    ...{ ...as, path: '/docs', summary: 'This description, to be read' },
    replies: [textReply('A page.', 'text/html', z.string(), '<!doctype html>…')],
    errors: ['overloaded'],
  },
  {
    ...{ ...as, path: '/.well-known/jwks.json', summary: 'The keys that verify receipts' },
    replies: [
      {
        status: 200,
        description: 'A JWK Set (RFC 7517).',
        body: {
          mediaType: 'application/jwk-set+json',
          schema: z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) }),
          example: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: EXAMPLE.publicKey, kid: EXAMPLE.publicKey }] },
        },
      },
    ],
    errors: ['overloaded', 'unavailable'],
  },
  {
    ...{ method: 'post', path: '/sms/v1/twilio/status', summary: 'What became of an SMS, as Twilio reports it' },
    credential: 'none',
    query: { schema: twilioQuery, example: { transaction_id: EXAMPLE.transactionId, step: '1' } },
    headers: {
      'x-twilio-signature': { description: 'By Twilio, over address and form.', isRequired: true, example: 'c2lnbmVk' },
    },
    request: {
      mediaType: 'application/x-www-form-urlencoded',
      schema: twilioForm.extend({ AccountSid: z.string() }),
      examples: {
        delivered: {
          ...{ AccountSid: `AC${'0'.repeat(32)}`, MessageSid: `SM${'0'.repeat(32)}`, MessageStatus: 'delivered' },
        },
      },
    },
    replies: [emptyReply('Heard.')],
    errors: ['signature_invalid', 'overloaded', 'unavailable'],
  },
];

/** What needs no credentials of ours. */
export const operationsSurface: Surface = {
  name: 'Operations',
  description: 'Health, this description, public keys, and the reports of SMS gateways.',
  errors: [],
  bodyErrors: ['request_invalid', 'body_too_large', 'media_type_unsupported'],
  errorFormat: problemFormat,
  operations: OPERATIONS,
};
