import { Gauge, type Registry } from 'prom-client';
import type { OperatingFigures } from '../db/operating-figures.ts';

/** Scrapes that come more often get the same figures. */
const FRESH_MS = 15_000;

const FIGURES: Readonly<Record<keyof OperatingFigures, { readonly name: string; readonly help: string }>> = {
  pending: { name: 'countersign_transactions_pending', help: 'Transactions that wait, at most 10,000 are counted.' },
  overdue: {
    name: 'countersign_transactions_overdue',
    help: 'Transactions without an outcome a minute after their deadline.',
  },
  callbackBacklog: {
    name: 'countersign_callbacks_undelivered',
    help: 'Callbacks tried in 72 hours and not delivered, at most 10,000 are counted.',
  },
  failingAddresses: { name: 'countersign_callback_addresses_failing', help: 'Callback addresses that last failed.' },
  quarantinedAddresses: {
    name: 'countersign_callback_addresses_quarantined',
    help: 'Callback addresses in quarantine.',
  },
  smsToday: { name: 'countersign_sms_day_used', help: 'SMS charged today (UTC).' },
  smsPerDay: { name: 'countersign_sms_day_limit', help: 'SMS that may be sent a day.' },
};

/**
 * Adds figures of the database, read when they are asked for. They are the same on every worker: take the maximum. While
 * PostgreSQL does not answer they are missing, and `countersign_figures_read` is 0.
 */
export function sampleFigures(registry: Registry, read: () => Promise<OperatingFigures>): () => Promise<void> {
  const registers = [registry];
  const wasRead = new Gauge({
    name: 'countersign_figures_read',
    help: 'Whether the last reading of figures from PostgreSQL worked.',
    registers,
  });
  const gauges = new Map(
    Object.entries(FIGURES).map(([key, { name, help }]) => [
      key as keyof OperatingFigures,
      // With a label, as only then a figure that is not known can be missing.
      new Gauge({ name, help, labelNames: ['source'], registers }),
    ]),
  );
  let readAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - readAtMs < FRESH_MS) return;
    readAtMs = performance.now();
    try {
      const figures = await read();
      for (const [key, gauge] of gauges) gauge.set({ source: 'postgresql' }, figures[key]);
      wasRead.set(1);
    } catch {
      // Told by the figure itself, and by everything else that needs the database.
      for (const gauge of gauges.values()) gauge.reset();
      wasRead.set(0);
    }
  };
}
