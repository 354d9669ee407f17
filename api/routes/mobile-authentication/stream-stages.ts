import type { Request, RequestHandler, Response } from 'express';
import { AppError, MobileAuthenticationError } from '../../../runtime/errors.ts';
import { requireClient } from '../../client-authentication.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { StageRow, WatchedTransaction } from '../../ports.ts';
import { isEventsTokenOf } from './events-token.ts';
import { isAfter, messagesOf, readPlace } from './stage-messages.ts';
import { parseTransactionId } from './transaction-id.ts';

/** Proxies close a connection that is silent for a minute, some after half of one. */
const HEARTBEAT_EVERY_MS = 10_000;
/** How long after the outcome, or the deadline, a stream still waits to tell of the callback, or of the outcome. */
const LINGER_MS = 10_000;

/**
 * `GET …/transaction/{id}/events` (ours): the stages of a transaction as server-sent events, from the first one or from
 * `Last-Event-ID` on. For the client, or for whoever has the transaction's events token. The last message is `end`; who
 * comes back after it gets 204, which ends an `EventSource`.
 */
export function streamStages(dependencies: Pick<ApiDependencies, 'clients' | 'keyring' | 'stages' | 'stageWatch'>): {
  readonly admit: RequestHandler;
  readonly stream: RequestHandler;
} {
  const { keyring, stages, stageWatch } = dependencies;
  const asClient = requireClient(dependencies.clients, 'onegini_api_mobile_authentication');

  const admit: RequestHandler = (request, response, next) => {
    const token = tokenOf(request);
    if (token === undefined) return asClient(request, response, next);
    if (!isEventsTokenOf(keyring, parseTransactionId(request.params.transactionId), token)) {
      throw new AppError('client_unauthenticated');
    }
    // The token is all that is asked for, so a page of any origin may use it.
    response.set('access-control-allow-origin', '*');
    next();
  };

  const stream: RequestHandler = async (request, response) => {
    const transactionId = parseTransactionId(request.params.transactionId);
    const transaction = await stages.find(transactionId);
    const clientId = response.locals.client?.id;
    if (!transaction || (clientId !== undefined && clientId !== transaction.clientId)) {
      throw new MobileAuthenticationError(3004);
    }
    // Whoever is gone already is not heard going any more: nothing would end the listening.
    if (response.destroyed) return;
    const listener = createListener(request, response, transaction);
    const leave = stageWatch.listen(transactionId, listener.hear);
    response.once('close', () => {
      leave();
      listener.forget();
    });
  };
  return { admit, stream };
}

/** As OAuth has it, or as an `EventSource` can: it sets no headers. A bearer token with dots is a client's assertion. */
function tokenOf(request: Request): string | undefined {
  const { events_token: token } = request.query;
  if (typeof token === 'string') return token;
  return /^bearer ([^\s.]+)$/i.exec(request.get('authorization') ?? '')?.[1];
}

function createListener(request: Request, response: Response, transaction: WatchedTransaction) {
  const place = readPlace(request.get('last-event-id'));
  let isSettled = false;
  let ending: NodeJS.Timeout | undefined;
  const heartbeat = setInterval(() => open().write(': still here\n\n'), HEARTBEAT_EVERY_MS);
  endWithin(Math.max(0, transaction.expiresAtMs - Date.now()) + LINGER_MS);

  /** Headers are sent late: a stream that is over already is a 204. */
  function open(): Response {
    if (!response.headersSent) {
      response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      response.flushHeaders();
      response.write('retry: 1000\n\n');
    }
    return response;
  }

  function end(): void {
    if (response.writableEnded) return;
    if (response.headersSent) response.end('event: end\ndata: {}\n\n');
    else response.status(204).end();
  }

  function endWithin(ms: number): void {
    clearTimeout(ending);
    ending = setTimeout(end, ms);
  }

  return {
    hear(rows: readonly StageRow[]): void {
      // The process ends: another one goes on from the last event.
      if (rows.length === 0) return void response.end();
      for (const message of rows.flatMap(messagesOf)) if (isAfter(message, place)) open().write(message.text);
      if (!isSettled && rows.some(({ status }) => status !== 'pending')) {
        isSettled = true;
        endWithin(LINGER_MS);
      }
      const isTold = rows.some(({ eventName }) => eventName === 'PUSH_AUTH_CALLBACK_SENT');
      if (isSettled && (isTold || !transaction.isCalledBack)) end();
      else open();
    },
    forget(): void {
      clearInterval(heartbeat);
      clearTimeout(ending);
    },
  };
}
