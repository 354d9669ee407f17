import type { Knex } from 'knex';
import type { HealthFigures, HealthStore, Quarantined } from '../api/ports.ts';
import { HEALTH_QUERIES } from './health-queries.ts';
import { rows } from './knex.ts';
import { readOperatingFigures } from './operating-figures.ts';

type Bucketed = { readonly atMs: number; readonly count: number };

/** What happened lately, for operators: one statement for each figure, by indexes, none of which reads without end. */
export function createHealthStore(database: Knex): HealthStore {
  const ask = <Row>(name: keyof typeof HEALTH_QUERIES, ...bindings: readonly number[]): Promise<Row[]> =>
    rows<Row>(database, HEALTH_QUERIES[name], bindings);

  return {
    async read({ windowSeconds, bucketSeconds }): Promise<HealthFigures> {
      const window = [bucketSeconds, windowSeconds] as const;
      const [begun, settled, answered, attempts, pushes, pushErrors, smsErrors, quarantined, undelivered, standing] =
        await Promise.all([
          ask<Bucketed>('begun', ...window),
          ask<Bucketed & { readonly status: string }>('settled', ...window),
          ask<{ readonly atMs: number; readonly p50: number; readonly p95: number }>('answered', ...window),
          ask<Bucketed & { readonly failures: number }>('attempts', ...window),
          ask<{ readonly sent: number; readonly failed: number }>('pushes', windowSeconds),
          ask<HealthFigures['providerErrors'][number]>('pushErrors', windowSeconds),
          ask<HealthFigures['providerErrors'][number]>('smsErrors', windowSeconds),
          ask<Quarantined>('quarantined'),
          ask<{ readonly count: number }>('undelivered'),
          readOperatingFigures(database),
        ]);
      return {
        begun,
        settled,
        answered,
        attempts,
        pushes: pushes[0] ?? { sent: 0, failed: 0 },
        providerErrors: [...pushErrors, ...smsErrors],
        quarantined,
        callbacksWaiting: standing.callbackBacklog,
        pending: standing.pending,
        overdue: standing.overdue,
        sms: { today: standing.smsToday, perDay: standing.smsPerDay, undelivered: undelivered[0]?.count ?? 0 },
      };
    },

    async release(address, { clientId, operator }, reason) {
      const { host } = new URL(address);
      const details = { host, reason, ...(operator !== undefined && { operator }) };
      const [row] = await rows<{ isReleased: boolean }>(
        database,
        // Without its path, which may say more than an event should.
        `with released as (
           delete from callback_address_health where address = ? and quarantined_at is not null returning address
         ), told as (
           insert into events (name, client_id, agent_user, details)
           select 'ADMIN_CALLBACK_ADDRESS_RELEASED', ?, ?, ?::jsonb from released
         )
         select exists (select from released) as "isReleased"`,
        [address, clientId ?? null, operator ?? null, JSON.stringify(details)],
      );
      return row?.isReleased === true;
    },
  };
}
