import { z } from 'zod';
import { healthQuery } from '../routes/health/read-health.ts';
import { releaseBody } from '../routes/health/release-address.ts';
import { EXAMPLE } from './example-values.ts';
import type { Operation } from './operation.ts';
import { emptyReply, jsonReply } from './replies.ts';

const text = z.string();
const count = z.int();
const ms = z.number().describe('Epoch milliseconds.');
const line = z
  .array(z.array(z.number()).length(2))
  .describe('Beginning of a bucket, epoch milliseconds, and what was in it; oldest first.');

const health = z.object({
  ...{ window: z.enum(['hour', 'day']), bucketSeconds: count, begun: line },
  outcomes: z.object({ approved: line, denied: line, failed: line, expired: line, cancelled: line }),
  answerSeconds: z.object({ p50: line, p95: line }),
  transactions: z.object({ pending: count, overdue: count }),
  providerErrors: z.array(z.object({ provider: text, code: text, count })),
  pushes: z.object({ sent: count, failed: count }),
  callbacks: z.object({
    waiting: count,
    quarantined: z.array(
      z.object({
        ...{ address: text, sinceMs: ms, failures: count, lastFailure: text, trials: count, nextTrialAtMs: ms },
      }),
    ),
    attempts: line,
    failures: line,
  }),
  sms: z.object({ sentToday: count, ceiling: count, undelivered: count }),
});

const AT = EXAMPLE.createdAtMs;
const NOTHING = [[AT, 0]];
const HEALTH = {
  ...{ window: 'hour', bucketSeconds: 60, begun: [[AT, 3]] },
  outcomes: { approved: [[AT, 2]], denied: NOTHING, failed: NOTHING, expired: NOTHING, cancelled: NOTHING },
  answerSeconds: { p50: [[AT, 4.2]], p95: [[AT, 11.7]] },
  transactions: { pending: 1, overdue: 0 },
  providerErrors: [{ provider: 'fcm_http_v1', code: 'UNREGISTERED', count: 1 }],
  pushes: { sent: 3, failed: 1 },
  callbacks: { waiting: 0, quarantined: [], attempts: [[AT, 2]], failures: NOTHING },
  sms: { sentToday: 0, ceiling: 10_000, undelivered: 0 },
};

/** How things are going. */
export const healthOperations: readonly Operation[] = [
  {
    ...{ credential: 'operator', method: 'get', path: '/admin/v1/health', summary: 'How things went lately' },
    query: { schema: healthQuery, example: { window: 'hour' } },
    replies: [jsonReply(200, 'The figures.', health, HEALTH)],
    errors: ['request_invalid'],
  },
  {
    ...{ credential: 'operator', method: 'post', path: '/admin/v1/quarantined-addresses/release' },
    summary: 'Ends the quarantine of a callback address',
    request: {
      ...{ mediaType: 'application/json', schema: releaseBody },
      examples: { shop: { address: EXAMPLE.callbackUri, reason: 'The shop says that it is well again.' } },
    },
    replies: [emptyReply('Released.')],
    errors: ['resource_unknown'],
  },
];
