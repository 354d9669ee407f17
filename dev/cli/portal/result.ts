import type { Command } from '../command-line.ts';
import type { PortalContext } from './portal-context.ts';
import { reportResult } from './report-result.ts';

/** Shows the result of a transaction, also of one that is pending. */
export const result: Command<PortalContext> = {
  about: 'show the result of a transaction',
  operand: 'ID',
  async run({ api, output }, _values, transactionId) {
    reportResult(output, await api.result(transactionId));
    return true;
  },
};
