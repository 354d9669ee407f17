import type { Knex } from 'knex';
import type { SmsCharge } from '../activities/ports.ts';
import type { Keyring } from '../runtime/keyring.ts';
import { readPhoneNumber } from '../runtime/phone-number.ts';
import { unseal } from '../runtime/sealing.ts';
import { rows } from './knex.ts';
import { alarmOfCeiling, type BudgetShares, chargeBudgets, pruneBudgets } from './sms-budgets.ts';

/** A run that was lost is made up for once: the message costs money, and it says the same. */
const MAX_RUNS = 2;

/** Thrown to undo what was written before a refusal was found. */
class NotCharged extends Error {
  readonly charge: Extract<SmsCharge, { ok: false }>;

  constructor(charge: NotCharged['charge']) {
    super(charge.failure);
    this.charge = charge;
  }
}

interface Step {
  readonly transactionId: string;
  readonly step: number;
  readonly leaseMs: number;
}

type Limits = Omit<BudgetShares, 'numberKey'> & {
  readonly isPending: boolean;
  readonly isEnabled: boolean;
  readonly allowedCountries: readonly string[] | null;
  readonly sealedPhoneNumber: string;
};

/** See `SmsLog.charge` (activities/ports.ts). */
export async function chargeSms(database: Knex, keyring: Keyring, step: Step): Promise<SmsCharge> {
  const charge = await database
    .transaction(async (transaction): Promise<SmsCharge> => {
      const runs = await takeStep(transaction, step);
      if (runs === undefined) return whyNotTaken(transaction, step);
      if (runs === 1) await chargeOrUndo(transaction, keyring, step.transactionId);
      return { ok: true };
    })
    .catch((error: unknown): SmsCharge => {
      if (error instanceof NotCharged) return error.charge;
      throw error;
    });
  if (charge.ok) await pruneBudgets(database);
  else if (charge.failure === 'budget_exceeded' && charge.budget === 'day') await alarmOfCeiling(database);
  return charge;
}

/** The guard is in the statement: of sixteen runs of one step at once one takes it. */
async function takeStep(transaction: Knex, { transactionId, step, leaseMs }: Step): Promise<number | undefined> {
  const [row] = await rows<{ runs: number }>(
    transaction,
    `insert into sms_sends as s (transaction_id, step) values (?, ?)
     on conflict (transaction_id, step) do update set runs = s.runs + 1, started_at = now()
      where s.provider_message_id is null and s.failure is null and s.runs < ${MAX_RUNS}
        and s.started_at < now() - ?::int * interval '1 millisecond'
     returning runs`,
    [transactionId, step, leaseMs],
  );
  return row?.runs;
}

async function whyNotTaken(transaction: Knex, { transactionId, step, leaseMs }: Step): Promise<SmsCharge> {
  const [row] = await rows<{ isLost: boolean }>(
    transaction,
    `select runs >= ${MAX_RUNS} and started_at < now() - ?::int * interval '1 millisecond'
              and provider_message_id is null and failure is null as "isLost"
       from sms_sends where transaction_id = ? and step = ?`,
    [leaseMs, transactionId, step],
  );
  // Ended by another run in this very moment is told as under way too: whoever comes back finds what became of it.
  return { ok: false, failure: row?.isLost ? 'outcome_unknown' : 'under_way' };
}

async function chargeOrUndo(transaction: Knex, keyring: Keyring, transactionId: string): Promise<void> {
  const [limits] = await rows<Limits>(
    transaction,
    `select t.client_id as "clientId", t.sealed_phone_number as "sealedPhoneNumber",
            t.status = 'pending' as "isPending", g.sms_authentication_enabled as "isEnabled", g.sms_allowed_countries as "allowedCountries",
            g.sms_per_number_per_hour as "perNumberPerHour", g.sms_per_client_per_hour as "perClientPerHour",
            g.sms_per_day as "perDay"
       from transactions t cross join general_settings g where t.id = ? and t.sealed_phone_number is not null`,
    [transactionId],
  );
  if (!limits) throw new Error('a step without a phone number was to be charged');
  const { isPending, isEnabled, allowedCountries, sealedPhoneNumber, ...shares } = limits;
  if (!isPending) throw new NotCharged({ ok: false, failure: 'transaction_over' });
  if (!isEnabled) throw new NotCharged({ ok: false, failure: 'sms_disabled' });
  const phoneNumber = unseal(keyring, 'transactions.sealed_phone_number', transactionId, sealedPhoneNumber);
  const country = readPhoneNumber(phoneNumber)?.country ?? null;
  if (allowedCountries && (country === null || !allowedCountries.includes(country))) {
    throw new NotCharged({ ok: false, failure: 'country_not_allowed' });
  }
  const numberKey = keyring.lastingMac('phone-number-lookup', phoneNumber).toString('base64url');
  const exceeded = await chargeBudgets(transaction, { ...shares, numberKey });
  if (exceeded) throw new NotCharged(exceeded);
}
