import { collectDefaultMetrics, Registry } from 'prom-client';

/** Seconds; a begin may take six, a callback fifteen. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** Where a process keeps its metrics (Prometheus); Node's own (`process_…`, `nodejs_…`) are in it already. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * Lets through the first `max` values it meets and calls all others `other`: a label whose values are configured or come
 * from elsewhere would otherwise make a time series each, without bound.
 */
export function boundedLabel(max: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= max) return 'other';
    known.add(value);
    return value;
  };
}
