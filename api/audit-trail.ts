import type { Logger } from '../runtime/logger.ts';
import type { EventStore, NewEvent } from './ports.ts';

/** A refusal waits no longer than this for its event. */
const DEADLINE_MS = 1_000;
/** Events on their way to the database, per process. */
const MAX_UNDER_WAY = 64;

/** Where events go that belong to no change of state: refusals, and what was only read. */
export interface AuditTrail {
  /**
   * Writes an event. Resolves when it is written, after a second at the latest, and never rejects: an event that could
   * not be written is logged by its name and counted.
   */
  record(event: NewEvent): Promise<void>;
  /** Events that were not known to be written, since the process started. */
  readonly lost: number;
}

export interface AuditTrailOptions {
  readonly deadlineMs?: number;
  readonly maxUnderWay?: number;
}

export function createAuditTrail(
  events: Pick<EventStore, 'record'>,
  logger: Pick<Logger, 'warn'>,
  { deadlineMs = DEADLINE_MS, maxUnderWay = MAX_UNDER_WAY }: AuditTrailOptions = {},
): AuditTrail {
  let underWay = 0;
  let lost = 0;

  function lose({ name }: NewEvent, why: object): void {
    lost += 1;
    logger.warn({ event: name, lostEvents: lost, ...why }, 'an event was not written');
  }

  /** What was given up on still counts as under way until it is over. */
  async function write(event: NewEvent): Promise<unknown> {
    underWay += 1;
    try {
      await events.record(event);
      return undefined;
    } catch (error) {
      return error ?? 'unknown';
    } finally {
      underWay -= 1;
    }
  }

  return {
    get lost() {
      return lost;
    },
    async record(event) {
      if (underWay >= maxUnderWay) {
        lose(event, { reason: 'too many under way' });
        return;
      }
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<'too late'>((resolve) => {
        timer = setTimeout(resolve, deadlineMs, 'too late');
      });
      const failure = await Promise.race([write(event), tooLate]);
      clearTimeout(timer);
      if (failure !== undefined) lose(event, failure === 'too late' ? { reason: failure } : { err: failure });
    },
  };
}
