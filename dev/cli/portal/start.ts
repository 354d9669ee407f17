import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command, OptionValues } from '../command-line.ts';
import { UsageError } from '../failures.ts';
import { aligned } from '../output.ts';
import type { BeginReply, TransactionResult } from '../portal-api.ts';
import { numberOption, requiredOption, textOption } from '../read-option.ts';
import { type CallbackServer, callbackUriOf, startCallbackServer } from './callback-server.ts';
import { findDevice } from './find-device.ts';
import type { PortalContext } from './portal-context.ts';
import { reportResult } from './report-result.ts';
import { saveReceipt } from './save-receipt.ts';

/** What the callback may take after the transaction has ended. */
const CALLBACK_GRACE_MS = 30_000;
/** Nobody listens there: with --no-wait the callback goes nowhere, and the result is read by hand. */
const DISCARD_PORT = 9;

/** Begins a transaction, waits for its callback and fetches its result, as a portal does. */
export const start: Command<PortalContext> = {
  about: "ask a user's phone, wait for the callback, fetch the result",
  options: {
    user: { type: 'string', value: 'NAME', about: 'the user to ask' },
    type: { type: 'string', value: 'TYPE', about: 'the configured type, for instance push' },
    device: { type: 'string', value: 'ID', about: "the user's device; found by itself when not given" },
    message: { type: 'string', value: 'TEXT', about: 'short message, shown in the push' },
    'secure-message': { type: 'string', value: 'TEXT', about: 'what the phone shows once it is opened' },
    'signing-data': { type: 'string', value: 'FILE', about: 'what the phone signs, byte for byte' },
    'idempotency-key': { type: 'string', value: 'KEY', about: 'the same key again is the same transaction' },
    'callback-port': { type: 'string', value: 'N', about: 'port to wait for the callback on; any by default' },
    'callback-uri': { type: 'string', value: 'URI', about: "another portal's callback address; only with --no-wait" },
    receipt: { type: 'string', value: 'FILE', about: 'save the signed receipt, with the keys that verify it' },
    'no-wait': { type: 'boolean', about: 'only begin' },
  },
  async run(portal, values) {
    const request = readRequest(values);
    const port = numberOption(values, 'callback-port', 1, 65_535) ?? portOfKey(request.idempotencyKey);
    const callbackUri = textOption(values, 'callback-uri');
    if (callbackUri && !values['no-wait']) {
      throw new UsageError('--callback-uri is for --no-wait: its callback is not seen here.');
    }
    const receiptFile = textOption(values, 'receipt');
    if (receiptFile && values['no-wait'])
      throw new UsageError('--receipt needs the end, which --no-wait does not see.');
    const deviceId = textOption(values, 'device') ?? (await findDevice(portal.api, request.userId, request.type));
    if (values['no-wait']) {
      const uri = callbackUri ?? callbackUriOf(port ?? DISCARD_PORT);
      reportBegun(portal, await portal.api.begin({ ...request, deviceId, callbackUri: uri }));
      return true;
    }
    const callbacks = await startCallbackServer(port ?? 0);
    try {
      const begun = await portal.api.begin({ ...request, deviceId, callbackUri: callbacks.uri });
      reportBegun(portal, begun);
      // The same key may have met a transaction that ended, and was called back, long ago.
      const earlier = request.idempotencyKey && (await portal.api.result(begun.transaction_id));
      if (earlier && earlier.status !== 'pending') return await finish(portal, earlier, receiptFile);
      return await awaitResult(portal, callbacks, begun, receiptFile);
    } finally {
      await callbacks.close();
    }
  },
};

function readRequest(values: OptionValues) {
  const message = textOption(values, 'message');
  const secureMessage = textOption(values, 'secure-message');
  const idempotencyKey = textOption(values, 'idempotency-key');
  const signingFile = textOption(values, 'signing-data');
  return {
    userId: requiredOption(values, 'user'),
    type: requiredOption(values, 'type'),
    ...(message !== undefined && { message }),
    ...(secureMessage !== undefined && { secureMessage }),
    ...(signingFile !== undefined && { signingData: readFileSync(signingFile, 'utf8') }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

/** The callback address is part of the request, so the same key must come with the same port each time. */
function portOfKey(key: string | undefined): number | undefined {
  if (key === undefined) return undefined;
  return 20_000 + (createHash('sha256').update(key).digest().readUInt16BE() % 10_000);
}

function reportBegun({ output }: PortalContext, begun: BeginReply): void {
  output.event(
    { event: 'begun', ...begun },
    `Sent to ${begun.device.name} (${begun.device.platform}).`,
    ...(begun.number === undefined ? [] : [`Type this number on the phone: ${begun.number}`]),
    ...aligned({
      transaction: begun.transaction_id,
      method: begun.auth_method,
      'valid for': `${Math.round(begun.time_to_live / 1000)} s`,
    }),
  );
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
