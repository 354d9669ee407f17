import type { Keepsake, RetentionStore } from './ports.ts';

/** In one statement, which may take two seconds. */
const BATCH_SIZE = 500;
/** Of one run, so that a worker that is to end is not held up. */
const BUDGET_MS = 4_000;

export interface ForgetOldDependencies {
  readonly retention: RetentionStore;
  /** How long each is kept. */
  readonly keptForHours: Readonly<Record<Keepsake, number>>;
}

export interface ForgetOldRequest {
  readonly what: Keepsake;
}

export interface ForgetOldResult {
  /** False when there is more than this run had time for. */
  readonly isDone: boolean;
}

/** Forgets what is older than it is kept, batch by batch, for a few seconds. Running again goes on where it was. */
export function createForgetOld({ retention, keptForHours }: ForgetOldDependencies, budgetMs = BUDGET_MS) {
  return async ({ what }: ForgetOldRequest): Promise<ForgetOldResult> => {
    const untilMs = Date.now() + budgetMs;
    do {
      const forgotten = await retention.forget(what, keptForHours[what], BATCH_SIZE);
      if (forgotten < BATCH_SIZE) return { isDone: true };
    } while (Date.now() < untilMs);
    return { isDone: false };
  };
}
