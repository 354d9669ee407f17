/** Counted in one bucket of time: its beginning in epoch ms, and how much. */
export type Point = readonly [atMs: number, value: number];

export type Window = 'hour' | 'day';

/** How the installation does. */
export interface Health {
  readonly window: Window;
  readonly bucketSeconds: number;
  readonly begun: readonly Point[];
  readonly outcomes: Readonly<Record<string, readonly Point[]>>;
  readonly answerSeconds: { readonly p50: readonly Point[]; readonly p95: readonly Point[] };
  /** Now; `overdue` ones should be over, and are not. */
  readonly transactions: { readonly pending: number; readonly overdue: number };
  readonly providerErrors: readonly { readonly provider: string; readonly code: string; readonly count: number }[];
  readonly pushes: { readonly sent: number; readonly failed: number };
  readonly callbacks: {
    readonly waiting: number;
    readonly quarantined: readonly Quarantined[];
    readonly attempts: readonly Point[];
    readonly failures: readonly Point[];
  };
  readonly sms: { readonly sentToday: number; readonly ceiling: number; readonly undelivered: number };
}

/** An address of a portal that keeps failing. */
export interface Quarantined {
  readonly address: string;
  readonly sinceMs: number;
  readonly failures: number;
  readonly lastFailure: string;
  /** Since it is in quarantine. */
  readonly trials: number;
  readonly nextTrialAtMs: number;
}
