/** What one month of a Temporal Cloud namespace is made of. */
export interface CloudUse {
  readonly actions: number;
  /** Gigabyte-hours of histories of open workflows, and of closed ones. */
  readonly activeGbh: number;
  readonly retainedGbh: number;
}

/** US dollars for one month, pay as you go. */
export interface CloudPrice {
  readonly actions: number;
  readonly storage: number;
  /** Of the Business plan. */
  readonly plan: number;
  readonly total: number;
}

// https://docs.temporal.io/cloud/pricing, read in November 2026.
const TIERS = [
  { upTo: 5e6, perMillion: 50 },
  { upTo: 10e6, perMillion: 45 },
  { upTo: 20e6, perMillion: 40 },
  { upTo: 50e6, perMillion: 35 },
  { upTo: 100e6, perMillion: 30 },
  { upTo: 200e6, perMillion: 25 },
] as const;
const ACTIVE_PER_GBH = 0.042;
const RETAINED_PER_GBH = 0.00105;
const PLAN_SHARE = 0.1;
const PLAN_LEAST = 500;
/** In the Business plan. */
const INCLUDED = { actions: 2.5e6, activeGbh: 2.5 * 744, retainedGbh: 100 * 744 } as const;

/** What histories of one kind occupy for a month. */
export function cloudUseOf(transaction: {
  readonly perMonth: number;
  readonly actions: number;
  readonly historyBytes: number;
  /** How long one is open. */
  readonly openSeconds: number;
  readonly retentionDays: number;
}): CloudUse {
  const gigabytes = (transaction.perMonth * transaction.historyBytes) / 1e9;
  return {
    actions: transaction.perMonth * transaction.actions,
    activeGbh: (gigabytes * transaction.openSeconds) / 3_600,
    retainedGbh: gigabytes * transaction.retentionDays * 24,
  };
}

/**
 * The published price on the Business plan, beyond what it includes. Throws beyond 200 million charged Actions, for which no
 * price is published.
 */
export function cloudPriceOf({ actions, activeGbh, retainedGbh }: CloudUse): CloudPrice {
  const charged = Math.max(0, actions - INCLUDED.actions);
  const last = TIERS[TIERS.length - 1] as (typeof TIERS)[number];
  if (charged > last.upTo) throw new RangeError('the price of more than 200 million Actions is not published');
  let from = 0;
  let dollars = 0;
  for (const { upTo, perMillion } of TIERS) {
    dollars += (Math.max(0, Math.min(charged, upTo) - from) * perMillion) / 1e6;
    from = upTo;
  }
  const storage =
    Math.max(0, activeGbh - INCLUDED.activeGbh) * ACTIVE_PER_GBH +
    Math.max(0, retainedGbh - INCLUDED.retainedGbh) * RETAINED_PER_GBH;
  const plan = Math.max(PLAN_LEAST, PLAN_SHARE * (dollars + storage));
  return { actions: dollars, storage, plan, total: dollars + storage + plan };
}
