import type { Knex } from 'knex';
import { createAnswerProofs } from '../activities/adapters/answer-proofs.ts';
import { createCallbackSender } from '../activities/adapters/callback-sender.ts';
import { createCustomAuthenticatorHook } from '../activities/adapters/custom-authenticator-hook.ts';
import { loadCustomAuthenticatorModule } from '../activities/adapters/custom-authenticator-module.ts';
import { createCustomAuthenticators } from '../activities/adapters/custom-authenticators.ts';
import { createPushAlarms } from '../activities/adapters/push-alarms.ts';
import { createPushSenders } from '../activities/adapters/push-senders.ts';
import { createSmsGateways } from '../activities/adapters/sms-gateways.ts';
import { createWorkflowsAtWork } from '../activities/adapters/workflows-at-work.ts';
import { type Activities, createActivities } from '../activities/index.ts';
import { createAttemptStore } from '../db/answer-attempts.ts';
import { createProviderTokenStore } from '../db/apns-provider-tokens.ts';
import { createCallbackAddressStore } from '../db/callback-addresses.ts';
import { createCallbackLog } from '../db/callback-log.ts';
import { createCallbackQuarantine } from '../db/callback-quarantine.ts';
import { watchConfiguration } from '../db/configuration-watch.ts';
import { createCustomAuthenticatorFinder } from '../db/custom-authenticators.ts';
import { findServerKey } from '../db/enrolment-server-keys.ts';
import { createEnrolmentStore } from '../db/enrolments.ts';
import { recordPushAlarm } from '../db/push-alarms.ts';
import { createPushConfigurationStore } from '../db/push-configurations.ts';
import { createPushEnrolments } from '../db/push-enrolments.ts';
import { createPushLog } from '../db/push-log.ts';
import { createRetentionStore } from '../db/retention.ts';
import { loadOrCreateServerKey } from '../db/server-keys.ts';
import { createSmsAttemptStore } from '../db/sms-attempts.ts';
import { createSmsGatewayStore } from '../db/sms-gateways.ts';
import { createSmsLog } from '../db/sms-log.ts';
import { createTransactionStore } from '../db/transactions.ts';
import { createUnfinishedTransactions } from '../db/unfinished-transactions.ts';
import { challengeNonceOf } from '../runtime/challenge-nonce.ts';
import type { WorkerConfig } from '../runtime/config.ts';
import { createEnrolmentPgp } from '../runtime/enrolment-pgp.ts';
import type { Logger } from '../runtime/logger.ts';
import { createServerPgp, generateServerKey } from '../runtime/openpgp.ts';
import { remember } from '../runtime/remember.ts';
import { isSmsCodeMac, smsCodeOf } from '../runtime/sms-code.ts';
import { createTemporalClient } from '../runtime/temporal.ts';
import { transactionNumberOf } from '../runtime/transaction-number.ts';
import { untilReachable } from '../runtime/until-reachable.ts';
import { createCurrentEvidenceSigner } from './current-evidence-signer.ts';
import {
  measureCallbacks,
  measurePushes,
  measureSettlements,
  measureSms,
  rememberProviders,
  reportReconciliations,
} from './measure-ports.ts';
import type { WorkerMetrics } from './metrics.ts';

const START_PATIENCE_MS = 60_000;

/** Most addresses have no credentials and are in no quarantine. A change that nothing tells of is noticed this late. */
const ADDRESSES = { max: 1_000, freshMs: 1_000, keepsNothing: true };

/** The composition root: configuration, a database and a log in, activities out. `close` ends what they hold open. */
export async function wireActivities(
  config: WorkerConfig,
  database: Knex,
  logger: Logger,
  metrics: WorkerMetrics,
): Promise<{ activities: Activities; close(): Promise<void> }> {
  const keyring = config.ENCRYPTION_KEYS;
  const pushConfigurations = rememberProviders(createPushConfigurationStore(database, keyring));
  const pushSenders = createPushSenders(pushConfigurations.store, {
    timeoutMs: config.PUSH_TIMEOUT_MS,
    proxyUrl: config.PUSH_PROXY_URL,
    providerTokens: createProviderTokenStore(database, keyring),
  });
  const pushSender = measurePushes(pushSenders, pushConfigurations.providerOf, metrics, logger);
  const { PUBLIC_URL: publicUrl } = config;
  const smsGatewaysInOrder = createSmsGateways(createSmsGatewayStore(database, keyring), {
    statusCallbackOf: publicUrl === undefined ? undefined : (message) => statusAddressOf(publicUrl, message),
    timeoutMs: config.SMS_TIMEOUT_MS,
    print: config.SMS_CONSOLE_ENABLED ? (line) => void process.stdout.write(`${line}\n`) : undefined,
  });
  const smsGateways = measureSms(smsGatewaysInOrder, metrics, logger);
  const callbackQuarantine = createCallbackQuarantine(database);
  const findCredentials = remember(createCallbackAddressStore(database, keyring).findCredentials, ADDRESSES);
  const portalCaller = createCallbackSender({
    allowedNetworks: config.CALLBACK_ALLOWED_NETWORKS,
    findCredentials,
  });
  const callbackSender = measureCallbacks(portalCaller, metrics, logger);
  const evidenceSigner = createCurrentEvidenceSigner(database, keyring);
  const serverKey = await untilReachable(
    async () => {
      await evidenceSigner.prepare();
      return loadOrCreateServerKey(database, keyring, generateServerKey);
    },
    {
      withinMs: START_PATIENCE_MS,
      warn: (error) => logger.warn({ err: error }, 'the database is not reached yet'),
    },
  );
  const serverPgp = await createServerPgp(serverKey);
  const pgp = createEnrolmentPgp(serverPgp, (enrolmentId) => findServerKey(database, keyring, enrolmentId));
  const configuration = watchConfiguration({
    connectionString: config.DATABASE_URL,
    warn: (error) => logger.warn({ err: error }, 'changes of configuration are not listened for'),
  });
  configuration.onChange(['server_keys'], () => {
    evidenceSigner.forget();
    evidenceSigner.prepare().catch((error: unknown) => logger.warn({ err: error }, 'no evidence key was made yet'));
  });
  configuration.onChange(['callback_addresses'], findCredentials.forget);
  const askModule =
    config.CUSTOM_AUTHENTICATOR_MODULE === undefined
      ? undefined
      : await loadCustomAuthenticatorModule(config.CUSTOM_AUTHENTICATOR_MODULE, (err) =>
          logger.warn({ err }, 'the custom authenticator module failed'),
        );
  const authenticatorHook = createCustomAuthenticatorHook();
  const temporal = createTemporalClient(config);
  const activities = createActivities({
    transactions: measureSettlements(createTransactionStore(database, keyring), metrics),
    receipts: { sign: evidenceSigner.sign, pgpFingerprintOf: serverPgp.fingerprintOf },
    pushLog: createPushLog(database, keyring),
    pushSender,
    pushEnrolments: createPushEnrolments(database, keyring),
    pushAlarms: createPushAlarms((alarm) => recordPushAlarm(database, alarm), logger),
    pushTimeoutMs: config.PUSH_TIMEOUT_MS,
    smsLog: createSmsLog(database, keyring),
    smsGateways,
    smsCodes: {
      codeFor: (transactionId) => smsCodeOf(keyring, transactionId),
      isRight: (transactionId, codeMac) => isSmsCodeMac(keyring, transactionId, codeMac),
    },
    smsAttempts: createSmsAttemptStore(database),
    smsTimeoutMs: config.SMS_TIMEOUT_MS,
    enrolments: createEnrolmentStore(database, keyring),
    answerOpener: {
      open: async (message, pgpPublicKey, enrolment) => (await pgp.of(enrolment)).open(message, pgpPublicKey),
    },
    answerProofs: createAnswerProofs(),
    attempts: createAttemptStore(database),
    customAuthenticators: createCustomAuthenticators(
      createCustomAuthenticatorFinder(database, keyring),
      authenticatorHook,
      askModule,
    ),
    transactionNumbers: {
      numberFor: (transactionId, digits) => transactionNumberOf(keyring, transactionId, digits),
    },
    challengeNonces: {
      nonceFor: (transactionId, enrolmentId) => challengeNonceOf(keyring, transactionId, enrolmentId),
    },
    callbackSender,
    callbackLog: createCallbackLog(database),
    callbackQuarantine: {
      ...callbackQuarantine,
      isQuarantined: remember(callbackQuarantine.isQuarantined, ADDRESSES),
    },
    callbackTimeoutMs: config.CALLBACK_TIMEOUT_SECONDS * 1_000,
    retention: createRetentionStore(database),
    keptForHours: {
      messages: config.MESSAGE_RETENTION_HOURS,
      transactions: config.TRANSACTION_RETENTION_DAYS * 24,
      events: config.EVENT_RETENTION_DAYS * 24,
    },
    unfinished: createUnfinishedTransactions(database),
    workflows: createWorkflowsAtWork(temporal, config.TEMPORAL_TASK_QUEUE),
    reconciliationReport: reportReconciliations(metrics, logger),
  });
  return {
    activities,
    async close() {
      await Promise.all([
        configuration.stop(),
        pushSender.close(),
        smsGateways.close(),
        callbackSender.close(),
        authenticatorHook.close(),
        temporal.connection.close(),
      ]);
    },
  };
}

/** Where the API takes reports of Twilio (api/routes/sms); the query tells which message they are about. */
function statusAddressOf(publicUrl: string, { transactionId, step }: { transactionId: string; step: number }): string {
  return `${publicUrl}/sms/v1/twilio/status?transaction_id=${transactionId}&step=${step}`;
}
