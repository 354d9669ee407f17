/** Hands one push over; rejects when it was not taken. */
export type SendOne = () => Promise<void>;

/** Where a contender's processes write, what ends with the bench, and what ends it early. */
export interface PushSetting {
  /** Empty, and for this contender alone. */
  readonly dataDir: string;
  readonly closing: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

/** A client of a push service that is measured against that service, simulated in a process of its own. */
export interface PushContender {
  /** As the table names it. */
  readonly name: string;
  prepare(setting: PushSetting): Promise<SendOne>;
}
