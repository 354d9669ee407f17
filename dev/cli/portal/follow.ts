import type { OptionValues } from '../command-line.ts';
import { UsageError } from '../failures.ts';
import { aligned } from '../output.ts';
import type { BeginReply, TransactionResult } from '../portal-api.ts';
import { numberOption, textOption } from '../read-option.ts';
import { type CallbackServer, callbackUriOf, startCallbackServer } from './callback-server.ts';
import type { PortalContext } from './portal-context.ts';
import { reportResult } from './report-result.ts';
import { saveReceipt } from './save-receipt.ts';

/** Beyond the end of the transaction: its callback may have to be tried again. */
const CALLBACK_GRACE_MS = 30_000;
/** Nothing listens at the discard port: whoever does not wait wants no callback. */
const DISCARD_PORT = 9;

/** How a transaction is followed to its end; for every command that begins one. */
export const FOLLOW_OPTIONS = {
  'callback-port': { type: 'string', value: 'N', about: 'port to wait for the callback on; any by default' },
  'callback-uri': { type: 'string', value: 'URI', about: "another portal's callback address; only with --no-wait" },
  receipt: { type: 'string', value: 'FILE', about: 'save the signed receipt, with the keys that verify it' },
  'no-wait': { type: 'boolean', about: 'only begin' },
} as const;

export interface Beginning {
  /** Where the callback is waited for when no port is given; any by default. */
  readonly port?: number | undefined;
  /** True where the begin may meet a transaction that ended, and was called back, long ago. */
  readonly mayHaveEnded: boolean;
  begin(callbackUri: string): Promise<BeginReply>;
  report(begun: BeginReply): void;
}

/** Begins, waits for the callback and tells the result; true when the user was authenticated. */
export async function follow(portal: PortalContext, values: OptionValues, beginning: Beginning): Promise<boolean> {
  const port = numberOption(values, 'callback-port', 1, 65_535) ?? beginning.port;
  const callbackUri = textOption(values, 'callback-uri');
  if (callbackUri && !values['no-wait']) {
    throw new UsageError('--callback-uri is for --no-wait: its callback is not seen here.');
  }
  const receiptFile = textOption(values, 'receipt');
  if (receiptFile && values['no-wait']) throw new UsageError('--receipt needs the end, which --no-wait does not see.');
  if (values['no-wait']) {
    beginning.report(await beginning.begin(callbackUri ?? callbackUriOf(port ?? DISCARD_PORT)));
    return true;
  }
  const callbacks = await startCallbackServer(port ?? 0);
  try {
    const begun = await beginning.begin(callbacks.uri);
    beginning.report(begun);
    // Its portal hears the outcome as the reply to the code, and is not called back.
    if (begun.auth_method === 'sms') return true;
    const earlier = beginning.mayHaveEnded && (await portal.api.result(begun.transaction_id));
    if (earlier && earlier.status !== 'pending') return await finish(portal, earlier, receiptFile);
    return await awaitResult(portal, callbacks, begun, receiptFile);
  } finally {
    await callbacks.close();
  }
}

/** The facts of a begun transaction, one a line. */
export function linesOf(begun: BeginReply): readonly string[] {
  return aligned({
    transaction: begun.transaction_id,
    method: begun.auth_method,
    'valid for': `${Math.round(begun.time_to_live / 1000)} s`,
  });
}

async function awaitResult(
  portal: PortalContext,
  callbacks: CallbackServer,
  begun: BeginReply,
  receiptFile: string | undefined,
): Promise<boolean> {
  const { api, output } = portal;
  const { transaction_id, time_to_live } = begun;
  output.note('Waiting for the answer … (Ctrl-C stops the waiting, not the transaction)');
  const startedMs = performance.now();
  const came = await callbacks.waitFor(transaction_id, time_to_live + CALLBACK_GRACE_MS);
  const tookMs = Math.round(performance.now() - startedMs);
  if (came) {
    output.event({ event: 'callback', transaction_id, tookMs }, `Callback after ${(tookMs / 1000).toFixed(1)} s.`);
  } else {
    output.failure({ event: 'error', message: `No callback came within ${Math.round(tookMs / 1000)} s.` });
  }
  return (await finish(portal, await api.result(transaction_id), receiptFile)) && came;
}

async function finish(
  portal: PortalContext,
  result: TransactionResult,
  receiptFile: string | undefined,
): Promise<boolean> {
  reportResult(portal.output, result);
  if (receiptFile && result.status !== 'pending') await saveReceipt(portal, result.transaction_id, receiptFile);
  return result.is_authenticated;
}
