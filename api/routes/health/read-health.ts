import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import type { HealthFigures } from '../../ports.ts';
import { withoutEmpty } from '../events/event-filter.ts';

/** Sixty buckets, and ninety-six. */
const WINDOWS = {
  hour: { windowSeconds: 3_600, bucketSeconds: 60 },
  day: { windowSeconds: 86_400, bucketSeconds: 900 },
} as const;
const STATUSES = ['approved', 'denied', 'failed', 'expired', 'cancelled'] as const;

/** The query of a look at health. */
export const healthQuery = z.object({ window: z.enum(['hour', 'day']).default('hour') });

/** A moment (epoch ms) and what was then. */
type Point = readonly [atMs: number, value: number];

/** `GET /admin/v1/health`: how things went in the last hour or day, as lines that can be drawn. */
export function readHealth({ health }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { window } = parse(healthQuery, withoutEmpty(request.query));
    const { windowSeconds, bucketSeconds } = WINDOWS[window];
    const buckets = bucketsUntil(Date.now(), windowSeconds, bucketSeconds);
    response.json({ window, bucketSeconds, ...describe(await health.read(WINDOWS[window]), buckets) });
  };
}

/** Where each bucket of a window begins. */
function bucketsUntil(nowMs: number, windowSeconds: number, bucketSeconds: number): readonly number[] {
  const bucketMs = bucketSeconds * 1_000;
  const last = Math.floor(nowMs / bucketMs) * bucketMs;
  const count = windowSeconds / bucketSeconds;
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * bucketMs);
}

function describe(figures: HealthFigures, buckets: readonly number[]): object {
  const { begun, settled, answered, attempts, sms } = figures;
  const settledAs = (status: string) => settled.filter((each) => each.status === status);
  return {
    begun: counted(begun, buckets),
    outcomes: Object.fromEntries(STATUSES.map((status) => [status, counted(settledAs(status), buckets)])),
    // Where nobody answered there is no time to answer.
    answerSeconds: {
      p50: answered.map(({ atMs, p50 }): Point => [atMs, p50]),
      p95: answered.map(({ atMs, p95 }): Point => [atMs, p95]),
    },
    transactions: { pending: figures.pending, overdue: figures.overdue },
    providerErrors: figures.providerErrors,
    pushes: figures.pushes,
    callbacks: {
      waiting: figures.callbacksWaiting,
      quarantined: figures.quarantined,
      attempts: counted(attempts, buckets),
      failures: counted(
        attempts.map(({ atMs, failures }) => ({ atMs, count: failures })),
        buckets,
      ),
    },
    sms: { sentToday: sms.today, ceiling: sms.perDay, undelivered: sms.undelivered },
  };
}

/** A point for each bucket, 0 where nothing was. */
function counted(
  found: readonly { readonly atMs: number; readonly count: number }[],
  buckets: readonly number[],
): Point[] {
  const counts = new Map(found.map(({ atMs, count }) => [atMs, count]));
  return buckets.map((atMs) => [atMs, counts.get(atMs) ?? 0]);
}
