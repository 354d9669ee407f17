import { LRUCache } from 'lru-cache';
import type {
  CallbackAttempt,
  CallbackSender,
  PushConfigurationStore,
  PushSender,
  ReconciliationReport,
  SmsGateways,
  TransactionStore,
} from '../activities/ports.ts';
import type { Logger } from '../runtime/logger.ts';
import type { WorkerMetrics } from './metrics.ts';

/** The same store; what is settled by it is counted. */
export function measureSettlements(store: TransactionStore, metrics: WorkerMetrics): TransactionStore {
  // A settlement has read its transaction right before, for the receipt.
  const methods = new LRUCache<string, string>({ max: 1_000 });
  return {
    ...store,
    async findPending(transactionId) {
      const pending = await store.findPending(transactionId);
      if (pending) methods.set(transactionId, pending.method);
      return pending;
    },
    async settle(settlement) {
      const standing = await store.settle(settlement);
      if (standing.isNew) {
        metrics.settled(standing.outcome.status, methods.get(settlement.transactionId) ?? 'unknown');
      }
      return standing;
    },
  };
}

/** The same store, and which provider each configuration it gave out is of. */
export function rememberProviders(store: PushConfigurationStore): {
  readonly store: PushConfigurationStore;
  providerOf(pushConfigurationId: string | null): string;
} {
  const providers = new LRUCache<string, string>({ max: 1_000 });
  return {
    store: {
      async find(id) {
        const configuration = await store.find(id);
        if (configuration) providers.set(id, configuration.provider);
        return configuration;
      },
    },
    providerOf: (id) => (id === null ? undefined : providers.get(id)) ?? 'none',
  };
}

/** The same sender; each answer is counted, timed, and a line of the log that names its transaction. */
export function measurePushes<Sender extends PushSender>(
  sender: Sender,
  providerOf: (pushConfigurationId: string | null) => string,
  metrics: WorkerMetrics,
  logger: Logger,
): Sender {
  return {
    ...sender,
    async send(pushConfigurationId, push, attempt) {
      const startedAtMs = performance.now();
      const receipt = await sender.send(pushConfigurationId, push, attempt);
      const durationMs = performance.now() - startedAtMs;
      const provider = providerOf(pushConfigurationId);
      const answer = receipt.ok ? 'ok' : receipt.failure;
      metrics.pushAnswered(provider, answer, durationMs / 1_000);
      const { transactionId, step } = push;
      const told = receipt.ok
        ? { providerMessageId: receipt.providerMessageId }
        : { providerCode: receipt.providerCode };
      logger.info(
        { transactionId, step, provider, result: answer, ...told, durationMs: Math.round(durationMs) },
        'push',
      );
      return receipt;
    },
  };
}

/** The same gateways, measured like pushes. */
export function measureSms<Gateways extends SmsGateways>(
  gateways: Gateways,
  metrics: WorkerMetrics,
  logger: Logger,
): Gateways {
  return {
    ...gateways,
    async inOrder() {
      const found = await gateways.inOrder();
      return found.map((gateway) => ({
        name: gateway.name,
        async send(message, timeoutMs) {
          const startedAtMs = performance.now();
          const receipt = await gateway.send(message, timeoutMs);
          const durationMs = performance.now() - startedAtMs;
          const answer = receipt.ok ? 'ok' : receipt.failure;
          metrics.smsAnswered(gateway.name, answer, durationMs / 1_000);
          const { transactionId, step } = message;
          const line = {
            transactionId,
            step,
            gateway: gateway.name,
            result: answer,
            durationMs: Math.round(durationMs),
          };
          logger.info(line, 'sms');
          return receipt;
        },
      }));
    },
  };
}

/** The same sender, measured like pushes. */
export function measureCallbacks<Sender extends CallbackSender>(
  sender: Sender,
  metrics: WorkerMetrics,
  logger: Logger,
): Sender {
  return {
    ...sender,
    async send(callback, timeoutMs) {
      const startedAtMs = performance.now();
      const attempt = await sender.send(callback, timeoutMs);
      const durationMs = performance.now() - startedAtMs;
      const result = resultOf(attempt);
      metrics.calledBack(result, durationMs / 1_000);
      const { transactionId } = callback;
      logger.info({ transactionId, result, durationMs: Math.round(durationMs) }, 'callback');
      return attempt;
    },
  };
}

/** What was reconciled is counted, and a line of the log; nothing is neither. */
export function reportReconciliations(metrics: WorkerMetrics, logger: Logger): ReconciliationReport {
  return {
    tell({ expired, calledBack }) {
      if (expired === 0 && calledBack === 0) return;
      metrics.reconciled(expired, calledBack);
      logger.warn({ expired, calledBack }, 'workflows were gone; their transactions are seen to');
    },
    tellFailure: (transactionId, err) => logger.error({ transactionId, err }, 'a transaction is not reconciled'),
  };
}

/** The codes of sockets and of TLS are many; together they are `unreachable`. */
function resultOf(attempt: CallbackAttempt): string {
  if (attempt.ok) return 'ok';
  if (attempt.httpStatus !== undefined) return `${Math.floor(attempt.httpStatus / 100)}xx`;
  return attempt.failure === 'timeout' || attempt.failure === 'address_not_allowed' ? attempt.failure : 'unreachable';
}
