import type { ArrivedCallback } from './callback-portal.ts';
import type { Call, FaultWindow } from './record.ts';
import type { Stage } from './stage.ts';
import { TYPES } from './stage.ts';

/** A transaction as the database has it at the end. */
export interface KeptTransaction {
  readonly id: string;
  readonly status: string;
  readonly method: string;
  readonly enrolmentId: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly settledAtMs: number | null;
  /** When its outcome was written, by the database's clock; null while there is none. */
  readonly writtenAtMs: number | null;
  readonly failure: string | null;
  readonly evidenceEnrolmentId: string | null;
  readonly receipts: number;
  readonly outcomeEvents: number;
  /** Steps that were tried and refused, and so may have been sent. */
  readonly refusedSends: number;
}

export interface KeptEnrolment {
  readonly id: string;
  readonly isRevoked: boolean;
  /** Distinct answers with a PIN that were charged. */
  readonly chargedPins: number;
}

/** A push that the simulated provider took. */
export interface ArrivedPush {
  readonly transactionId: string;
  readonly atMs: number;
}

/** Everything that is known of a run after it: what callers saw, what is kept, what providers and portal got. */
export interface Findings {
  readonly calls: readonly Call[];
  readonly faults: readonly FaultWindow[];
  readonly transactions: readonly KeptTransaction[];
  readonly enrolments: readonly KeptEnrolment[];
  /** Events that name a transaction that is not there. */
  readonly orphanedEvents: number;
  readonly callbacks: readonly ArrivedCallback[];
  readonly pushes: readonly ArrivedPush[];
}

const OUTCOME_EVENTS = [
  'MOBILE_AUTH_AUTHENTICATED',
  'MOBILE_AUTH_NOT_AUTHENTICATED',
  'MOBILE_AUTH_FAILED',
  'MOBILE_AUTH_EXPIRED',
  'MOBILE_AUTH_CANCELLED',
];

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** Reads what database and provider hold of the run. */
export async function gatherFindings(
  stage: Stage,
  seen: Pick<Findings, 'calls' | 'faults' | 'callbacks'>,
): Promise<Findings> {
  const { rows: transactions } = await stage.database.raw(
    `select t.id, t.status, t.method, t.enrolment_id as "enrolmentId", ${ms('t.created_at')} as "createdAtMs",
            ${ms('t.expires_at')} as "expiresAtMs", ${ms('t.settled_at')} as "settledAtMs",
            t.outcome ->> 'reason' as failure, e.enrolment_id as "evidenceEnrolmentId",
            (select count(*)::int from receipts r where r.transaction_id = t.id) as receipts,
            (select ${ms('min(v.occurred_at)')} from events v
              where v.transaction_id = t.id and v.name = any (?)) as "writtenAtMs",
            (select count(*)::int from events v where v.transaction_id = t.id and v.name = any (?)) as "outcomeEvents",
            (select count(*)::int from events v where v.transaction_id = t.id
                and v.name = 'PUSH_AUTH_PUSH_SERVICE_FAILURE') as "refusedSends"
       from transactions t left join evidence e on e.transaction_id = t.id
      where t.type_name = any (?)`,
    [OUTCOME_EVENTS, OUTCOME_EVENTS, Object.values(TYPES).map(({ name }) => name)],
  );
  const { rows: enrolments } = await stage.database.raw(
    `select e.id, e.revoked_at is not null as "isRevoked",
            (select count(*)::int from answer_attempts a where a.enrolment_id = e.id and a.kind = 'pin') as "chargedPins"
       from enrolments e`,
  );
  const { rows: orphans } = await stage.database.raw(
    `select count(*)::int as count from events v
      where v.transaction_id is not null and not exists (select from transactions t where t.id = v.transaction_id)`,
  );
  return {
    ...seen,
    transactions,
    enrolments,
    orphanedEvents: orphans[0].count,
    pushes: await readPushes(stage.fcmUrl),
  };
}

async function readPushes(fcmUrl: string): Promise<ArrivedPush[]> {
  const found: ArrivedPush[] = [];
  let after = 0;
  for (;;) {
    const response = await fetch(`${fcmUrl}/simulator/pushes?after=${after}`, { signal: AbortSignal.timeout(10_000) });
    const { pushes } = (await response.json()) as {
      pushes: { sequence: number; receivedAt: string; message: { data: { content: string } } }[];
    };
    if (pushes.length === 0) return found;
    for (const { sequence, receivedAt, message } of pushes) {
      const { og_transaction_id: transactionId } = JSON.parse(message.data.content) as { og_transaction_id: string };
      found.push({ transactionId, atMs: Date.parse(receivedAt) });
      after = Math.max(after, sequence);
    }
  }
}
