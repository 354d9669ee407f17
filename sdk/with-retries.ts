import { DeviceError } from './errors.ts';

const MAX_TRIES = 3;
/** Doubled twice for the second wait: together long enough for a server that is being restarted. */
const FIRST_DELAY_MS = 500;
/** A user who waits longer than this would rather be told. */
const MAX_DELAY_MS = 30_000;

export interface RetryRules {
  /** Epoch ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Past this moment (epoch ms) nothing is tried again. */
  readonly giveUpAtMs?: number;
}

/** Tries up to three times while the failure may pass: no connection, or 503, after which the server says how long to wait. */
export async function withRetries<T>(attempt: () => Promise<T>, rules: RetryRules): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const delayMs = tries < MAX_TRIES ? delayBeforeNextTry(error, tries) : undefined;
      if (delayMs === undefined) throw error;
      if (rules.giveUpAtMs !== undefined && rules.now() + delayMs >= rules.giveUpAtMs) throw error;
      await rules.wait(delayMs);
    }
  }
}

/** Undefined when trying again is of no use. */
function delayBeforeNextTry(error: unknown, tries: number): number | undefined {
  if (!(error instanceof DeviceError)) return undefined;
  const lostOnTheWay = error.code === 'network_failed' || error.code === 'server_unreachable';
  if (!lostOnTheWay && error.status !== 503) return undefined;
  // A part of it by chance, so that phones that lost the server together do not come back together.
  const ownDelayMs = FIRST_DELAY_MS * 4 ** (tries - 1) * (1 + Math.random() / 2);
  const delayMs = Math.max(ownDelayMs, (error.retryAfterSeconds ?? 0) * 1000);
  return delayMs <= MAX_DELAY_MS ? delayMs : undefined;
}
