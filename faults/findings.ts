import type { ArrivedCallback } from './callback-portal.ts';
import type { Provider } from './providers.ts';
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
  /** Null where there is nobody to call back: the portal hears the outcome as the reply to the code. */
  readonly callbackUri: string | null;
  /** Of its SMS; null where none may be sent. */
  readonly phoneNumber: string | null;
  /** Steps of an SMS, the first one and each that was sent again. */
  readonly smsSteps: number;
  /** Runs of all of them: one whose end nobody knows may be made up for once. */
  readonly smsRuns: number;
  /** Codes that were charged. */
  readonly chargedCodes: number;
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

/** An SMS that the simulated gateway took. */
export interface ArrivedSms {
  readonly phoneNumber: string;
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
  readonly messages: readonly ArrivedSms[];
  /** How the disk was filled. */
  readonly diskWay: string;
  /** Processes that ended without being told to, and how often. */
  readonly ownEndings: Readonly<Record<string, number>>;
}

const READ_TIMEOUT_MS = 10_000;
const OUTCOME_EVENTS = [
  'MOBILE_AUTH_AUTHENTICATED',
  'SMS_AUTH_AUTHENTICATED',
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
  const { fcm, apns, twilio } = stage.providers;
  const { rows: kept } = await stage.database.raw(
    `select t.id, t.status, t.method, t.enrolment_id as "enrolmentId", ${ms('t.created_at')} as "createdAtMs",
            ${ms('t.expires_at')} as "expiresAtMs", ${ms('t.settled_at')} as "settledAtMs",
            t.outcome ->> 'reason' as failure, e.enrolment_id as "evidenceEnrolmentId",
            (select count(*)::int from receipts r where r.transaction_id = t.id) as receipts,
            (select ${ms('min(v.occurred_at)')} from events v
              where v.transaction_id = t.id and v.name = any (?)) as "writtenAtMs",
            (select count(*)::int from events v where v.transaction_id = t.id and v.name = any (?)) as "outcomeEvents",
            (select count(*)::int from events v where v.transaction_id = t.id
                and v.name = 'PUSH_AUTH_PUSH_SERVICE_FAILURE') as "refusedSends",
            t.callback_uri as "callbackUri", t.sealed_phone_number as "sealedPhoneNumber",
            (select count(*)::int from sms_sends s where s.transaction_id = t.id) as "smsSteps",
            (select coalesce(sum(s.runs), 0)::int from sms_sends s where s.transaction_id = t.id) as "smsRuns",
            (select count(*)::int from sms_attempts a where a.transaction_id = t.id) as "chargedCodes"
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
    transactions: kept.map(({ sealedPhoneNumber, ...transaction }: KeptTransaction & Sealed) => ({
      ...transaction,
      phoneNumber: sealedPhoneNumber && stage.openPhoneNumber(transaction.id, sealedPhoneNumber),
    })),
    enrolments,
    orphanedEvents: orphans[0].count,
    pushes: [...(await readFcm(fcm)), ...(await readApns(apns))],
    messages: await readMessages(twilio),
    diskWay: stage.disk.way,
    ownEndings: Object.fromEntries(
      Object.values(stage.victims)
        .flat()
        .filter(({ ownEndings }) => ownEndings > 0)
        .map(({ name, ownEndings }) => [name, ownEndings]),
    ),
  };
}

interface Sealed {
  readonly sealedPhoneNumber: string | null;
}

type Took<Message> = { readonly receivedAt: string; readonly message: Message };

async function readFcm(fcm: Provider): Promise<ArrivedPush[]> {
  const pushes = await readLog<Took<{ data: { content: string } }>>(fcm, 'pushes');
  return pushes.map(({ receivedAt, message }) => arrivedPush(receivedAt, JSON.parse(message.data.content)));
}

async function readApns(apns: Provider): Promise<ArrivedPush[]> {
  const pushes = await readLog<Took<{ payload: PushContent }>>(apns, 'pushes');
  return pushes.map(({ receivedAt, message }) => arrivedPush(receivedAt, message.payload));
}

interface PushContent {
  readonly og_transaction_id: string;
}

function arrivedPush(receivedAt: string, { og_transaction_id: transactionId }: PushContent): ArrivedPush {
  return { transactionId, atMs: Date.parse(receivedAt) };
}

async function readMessages(twilio: Provider): Promise<ArrivedSms[]> {
  const messages = await readLog<{ receivedAt: string; to: string }>(twilio, 'messages');
  return messages.map(({ receivedAt, to }) => ({ phoneNumber: to, atMs: Date.parse(receivedAt) }));
}

/** All that a simulated service took. */
async function readLog<Entry>({ url }: Provider, listName: 'pushes' | 'messages'): Promise<Entry[]> {
  const found: Entry[] = [];
  let after = 0;
  for (;;) {
    const response = await fetch(`${url}/simulator/${listName}?after=${after}`, {
      signal: AbortSignal.timeout(READ_TIMEOUT_MS),
    });
    const { [listName]: page } = (await response.json()) as Record<string, (Entry & { sequence: number })[]>;
    const last = page?.at(-1);
    if (!page || !last) return found;
    found.push(...page);
    after = last.sequence;
  }
}
