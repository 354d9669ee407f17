import type { Client } from '@temporalio/client';

/** Knows whether the Temporal service answers, so that a call made while it does not is refused at once. */
export interface TemporalWatch {
  readonly isUp: boolean;
  /** Aborted when the service is found to be gone; a new one stands here afterwards. */
  readonly signal: AbortSignal;
  stop(): void;
}

const PROBE_EVERY_MS = 500;
const PROBE_TIMEOUT_MS = 900;
/** A busy service may miss one probe. With these numbers a caller hears of a frozen service within 2.5 s. */
const MISSED_PROBES_TO_BE_DOWN = 2;

/** Starts to probe. Safe to call without any service there. */
export function watchTemporal(client: Client): TemporalWatch {
  let missed = 0;
  let abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function probe(): Promise<void> {
    try {
      await client.withDeadline(Date.now() + PROBE_TIMEOUT_MS, () =>
        client.connection.workflowService.getSystemInfo({}),
      );
      missed = 0;
    } catch {
      // Why does not matter here: a service that does not answer its simplest question is not there.
      missed += 1;
      if (missed === MISSED_PROBES_TO_BE_DOWN) {
        abort.abort();
        abort = new AbortController();
      }
    }
    if (!stopped) timer = setTimeout(() => void probe(), missed === 0 ? PROBE_EVERY_MS : PROBE_EVERY_MS / 5);
  }
  void probe();

  return {
    get isUp() {
      return missed < MISSED_PROBES_TO_BE_DOWN;
    },
    get signal() {
      return abort.signal;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
