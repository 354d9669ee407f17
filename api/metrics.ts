import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { boundedLabel, createRegistry, DURATION_BUCKETS } from '../runtime/metrics.ts';

const MAX_TYPES = 100;

/** What was asked of a running transaction, or of none yet. */
export type Stage = 'begin' | 'answer' | 'code' | 'resend' | 'cancel' | 'redeliver';

/** What an api process counts. No label has anything of a user, and each has few values. */
export interface ApiMetrics {
  readonly registry: Registry;
  /** Counts and times every request below it, by route and status. */
  readonly measureRequests: RequestHandler;
  readonly inFlight: { inc(): void; dec(): void };
  /** One more request was refused as too many were under way. */
  overloaded(): void;
  begun(type: string, method: string, result: string): void;
  stage(stage: Stage, result: string, seconds: number): void;
}

/** `lostEvents`: events that were not known to be written, since the process started. */
export function createApiMetrics(lostEvents: () => number): ApiMetrics {
  const registry = createRegistry();
  const registers = [registry];
  const typeLabel = boundedLabel(MAX_TYPES);
  const requests = new Histogram({
    name: 'countersign_http_request_duration_seconds',
    help: 'Requests by method, route (as a pattern) and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const inFlight = new Gauge({
    name: 'countersign_http_requests_in_flight',
    help: 'Requests under way, of API_MAX_CONCURRENT_REQUESTS.',
    registers,
  });
  const overloaded = new Counter({
    name: 'countersign_http_requests_overloaded_total',
    help: 'Requests refused because too many were under way.',
    registers,
  });
  const begins = new Counter({
    name: 'countersign_begins_total',
    help: 'Transactions begun, by type, method used, and result: ok, known, or why not.',
    labelNames: ['type', 'method', 'result'],
    registers,
  });
  const stages = new Histogram({
    name: 'countersign_stage_duration_seconds',
    help: 'Calls to workflows as the api waits for them, by stage and result.',
    labelNames: ['stage', 'result'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  new Gauge({
    name: 'countersign_audit_events_lost',
    help: 'Events not known to be written, since the process started.',
    registers,
    collect() {
      this.set(lostEvents());
    },
  });
  return {
    registry,
    inFlight,
    measureRequests(request, response, next) {
      const startedAt = process.hrtime.bigint();
      response.once('close', () => {
        const route: unknown = request.route?.path;
        // The pattern, never the address: that one holds ids and names.
        const labels = {
          method: request.method,
          route: typeof route === 'string' ? route : 'none',
          status: response.writableFinished ? String(response.statusCode) : 'broken_off',
        };
        requests.observe(labels, Number(process.hrtime.bigint() - startedAt) / 1e9);
      });
      next();
    },
    overloaded: () => overloaded.inc(),
    begun: (type, method, result) => begins.inc({ type: typeLabel(type), method, result }),
    stage: (stage, result, seconds) => stages.observe({ stage, result }, seconds),
  };
}
