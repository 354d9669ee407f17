import type { Command } from '../command-line.ts';
import type { LoggedCallback } from '../portal-api.ts';
import type { PortalContext } from './portal-context.ts';

/** Shows every attempt to call the portal back. */
export const callbacks: Command<PortalContext> = {
  about: 'show every attempt to call the portal back',
  operand: 'ID',
  async run({ api, output }, _values, transactionId) {
    const log = await api.callbacks(transactionId);
    output.event(
      { event: 'callbacks', ...log },
      log.delivered ? 'The portal was called back.' : 'The portal was not called back.',
      ...log.attempts.map(lineOf),
    );
    return true;
  },
};

function lineOf({ timestamp, duration, delivery, number, http_status, failure }: LoggedCallback): string {
  const which = delivery === 0 ? `attempt ${number}` : `redelivery ${delivery}, attempt ${number}`;
  const what = [http_status, failure].filter((part) => part !== undefined).join(' ');
  return `  ${new Date(timestamp).toISOString()}  ${which}  ${what}  ${duration} ms`;
}
