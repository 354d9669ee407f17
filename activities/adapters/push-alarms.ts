import type { Logger } from '../../runtime/logger.ts';
import type { PushAlarm, PushAlarms } from '../ports.ts';

/** Alarms as events and as lines of the log. `record` gives the configuration's name where it is time for one. */
export function createPushAlarms(
  record: (alarm: PushAlarm) => Promise<string | undefined>,
  logger: Logger,
): PushAlarms {
  return {
    async raise(alarm) {
      const pushConfiguration = await record(alarm);
      if (pushConfiguration === undefined) return;
      const { failure, providerCode } = alarm;
      logger.error({ pushConfiguration, failure, providerCode }, 'a push configuration is not taken by its provider');
    },
  };
}
