import { once } from 'node:events';
import { createPushDryRun } from '../activities/adapters/push-dry-run.ts';
import { checkPushSettings } from '../activities/adapters/push-providers.ts';
import { createAdministration } from '../db/administration/index.ts';
import { createApiClientStore } from '../db/api-clients.ts';
import { createAskedUserStore } from '../db/asked-users.ts';
import { createAuthenticationTypeStore } from '../db/authentication-types.ts';
import { createCallbackAddressStore } from '../db/callback-addresses.ts';
import { createCallbackLogReader } from '../db/callback-log-reader.ts';
import { createClientSecretStore } from '../db/client-secrets.ts';
import { createCodeChallengeStore } from '../db/code-challenges.ts';
import { watchConfiguration } from '../db/configuration-watch.ts';
import { createConsoleSessionStore } from '../db/console-sessions.ts';
import { createEnrolmentChangeStore } from '../db/enrolment-changes.ts';
import { findServerKey } from '../db/enrolment-server-keys.ts';
import { createTicketStore } from '../db/enrolment-tickets.ts';
import { createEnrolmentStore } from '../db/enrolments.ts';
import { createEventStore } from '../db/events.ts';
import { createFeatureStore } from '../db/features.ts';
import { createGeneralSettingsStore } from '../db/general-settings.ts';
import { createHealthStore } from '../db/health-figures.ts';
import { createKnex } from '../db/knex.ts';
import { createOneSpanDomainStore } from '../db/onespan-domains.ts';
import { createOneSpanUserStore } from '../db/onespan-users.ts';
import { createOperatorTransactionStore } from '../db/operator-transactions.ts';
import { createPinKeyStore } from '../db/pin-keys.ts';
import { createApiTransactionStore } from '../db/portal-and-device-transactions.ts';
import { createPushConfigurationStore } from '../db/push-configurations.ts';
import { createPushTokenStore } from '../db/push-tokens.ts';
import { createReceiptStore } from '../db/receipts.ts';
import { createRegistrationStore } from '../db/registrations.ts';
import { createServerKeyStore, loadOrCreateServerKey } from '../db/server-keys.ts';
import { createSmsDeliveryStore } from '../db/sms-deliveries.ts';
import { createTwilioAccountStore } from '../db/sms-gateways.ts';
import { createTemplateStore } from '../db/templates.ts';
import { createStageStore } from '../db/transaction-stages.ts';
import { createUserDeviceStore } from '../db/user-devices.ts';
import { demoPortalOf, loadApiConfig } from '../runtime/config.ts';
import { createEnrolmentPgp } from '../runtime/enrolment-pgp.ts';
import { createLogger } from '../runtime/logger.ts';
import { createServerPgp, generateServerKey } from '../runtime/openpgp.ts';
import { createPasswordHasher } from '../runtime/password-hash.ts';
import { remember, rememberOne } from '../runtime/remember.ts';
import { closeOnSignal } from '../runtime/shutdown.ts';
import { createTemporalClient } from '../runtime/temporal.ts';
import { untilReachable } from '../runtime/until-reachable.ts';
import { createAccessTokenVerifier } from './access-token.ts';
import { askWithinLimits } from './ask-within-limits.ts';
import { createAuditTrail } from './audit-trail.ts';
import { createClientAuthenticator } from './client-authentication.ts';
import { createLocalLogIn } from './console/local-log-in.ts';
import { createOidcLogIn } from './console/oidc-log-in.ts';
import { createOperatorAuthenticator } from './console/operators.ts';
import { createPendingLogInCookie } from './console/pending-log-in.ts';
import { createSessionCookie } from './console/session-cookie.ts';
import { createGeolocator } from './context/create-geolocator.ts';
import { createDraining } from './draining.ts';
import { createFailureThrottle } from './failure-throttle.ts';
import { createHttpServer } from './http-server.ts';
import { measureTransactions } from './measure-transactions.ts';
import { createApiMetrics } from './metrics.ts';
import { createOutcomeWatch } from './outcome-watch.ts';
import { NO_SEARCH_ATTRIBUTES, registerSearchAttributes } from './search-attributes.ts';
import { buildServer } from './server.ts';
import { createStageWatch } from './stage-watch.ts';
import { watchTemporal } from './temporal-watch.ts';
import { createTransactions } from './transactions.ts';

/** A change of configuration is noticed this late at most, should no notification tell of it. */
const CONFIGURATION_FRESH_MS = 1_000;
const SWEEP_EVERY_MS = 100;
const PRUNE_EVERY_MS = 60_000;
const START_PATIENCE_MS = 60_000;
/** A portal that is well never comes near; whoever guesses gets nowhere with 256 bits, and costs little. */
const FAILURES = { limit: 10, windowMs: 60_000, maxPairs: 10_000, nowMs: Date.now };

const config = loadApiConfig(process.env);
const logger = createLogger('api', config.LOG_LEVEL);
const keyring = config.ENCRYPTION_KEYS;

const database = createKnex({
  connectionString: config.DATABASE_URL,
  poolSize: config.DATABASE_POOL_SIZE,
  warn: (message) => logger.warn({ database: message }, 'database connection'),
  events: {
    excluded: config.EVENTS_EXCLUDED,
    hear: config.EVENT_LOG ? (event) => logger.info({ event }, 'event') : undefined,
  },
});
const client = createTemporalClient(config);
const watch = watchTemporal(client);
const searchAttributes = config.TEMPORAL_SEARCH_ATTRIBUTES
  ? registerSearchAttributes(client, config.TEMPORAL_NAMESPACE, logger)
  : NO_SEARCH_ATTRIBUTES;
const clients = createApiClientStore(database);
const types = createAuthenticationTypeStore(database);
const callbackAddresses = createCallbackAddressStore(database, keyring);
const receipts = createReceiptStore(database);
const events = createEventStore(database);
const auditTrail = createAuditTrail(events, logger);
const metrics = createApiMetrics(() => auditTrail.lost);
const draining = createDraining(config.API_DRAIN_SECONDS * 1_000);
const askedUsers = createAskedUserStore(database);
const enrolments = createEnrolmentStore(database, keyring);
const records = createApiTransactionStore(database, keyring);
const codeChallenges = createCodeChallengeStore(database);
const outcomes = createOutcomeWatch({
  listOutcomes: records.listOutcomes,
  // The other half is for those whom they wait for.
  maxWaiters: Math.floor(config.API_MAX_CONCURRENT_REQUESTS / 2),
  warn: (error) => logger.warn({ err: error }, 'outcomes can not be looked for'),
});
const stages = createStageStore(database);
const stageWatch = createStageWatch({
  readAfter: stages.readAfter,
  warn: (error) => logger.warn({ err: error }, 'the stages of transactions can not be read'),
});

const serverKey = await untilReachable(() => loadOrCreateServerKey(database, keyring, generateServerKey), {
  withinMs: START_PATIENCE_MS,
  warn: (error) => logger.warn({ err: error }, 'the database is not reached yet'),
});
const serverPgp = await createServerPgp(serverKey);

const configuration = watchConfiguration({
  connectionString: config.DATABASE_URL,
  warn: (error) => logger.warn({ err: error }, 'changes of configuration are not listened for'),
});
/** What is remembered of these tables, until one of them changes. */
function untilChanged<Remembered extends { forget(): void }>(tables: readonly string[], it: Remembered): Remembered {
  configuration.onChange(tables, it.forget);
  return it;
}
const many = { max: 1_000, freshMs: CONFIGURATION_FRESH_MS };
const rememberWhole = <Value>(read: () => Promise<Value>) => rememberOne(read, CONFIGURATION_FRESH_MS);
const findClient = untilChanged(['api_clients'], remember(clients.find, many));
const findType = untilChanged(['authentication_types'], remember(types.find, many));
const readGeneralSettings = untilChanged(
  ['general_settings'],
  rememberWhole(createGeneralSettingsStore(database).read),
);
const readFeatures = untilChanged(['features'], rememberWhole(createFeatureStore(database).read));
const listTwilioAccounts = untilChanged(
  ['sms_gateways'],
  rememberWhole(createTwilioAccountStore(database, keyring).list),
);
const listEvidenceKeys = untilChanged(['server_keys'], rememberWhole(receipts.listEvidenceKeys));
const isConfiguredCallback = untilChanged(['callback_addresses'], remember(callbackAddresses.isConfigured, many));
const findTemplate = untilChanged(
  // With a language its translations go, by the database itself.
  ['translations', 'locales'],
  remember(createTemplateStore(database).find, { ...many, keepsNothing: true }),
);

const pushConfigurations = createPushConfigurationStore(database, keyring);
const dryRunPush = createPushDryRun({ timeoutMs: config.PUSH_TIMEOUT_MS, proxyUrl: config.PUSH_PROXY_URL });

const { IDENTITY_PROVIDER_ISSUER, IDENTITY_PROVIDER_AUDIENCE, IDENTITY_PROVIDER_JWKS_URL } = config;

const geolocator = await createGeolocator(config);

const consoleSessions = createConsoleSessionStore(database);
const sessionCookie = createSessionCookie(config.PUBLIC_URL);
const localLogIn =
  config.CONSOLE_LOCAL_ACCOUNT && createLocalLogIn(config.CONSOLE_LOCAL_ACCOUNT, createFailureThrottle(FAILURES));
const { CONSOLE_OIDC_ISSUER, CONSOLE_OIDC_CLIENT_ID, CONSOLE_OIDC_CLIENT_SECRET } = config;
const oidcLogIn =
  CONSOLE_OIDC_ISSUER && CONSOLE_OIDC_CLIENT_ID && CONSOLE_OIDC_CLIENT_SECRET
    ? createOidcLogIn({
        issuer: CONSOLE_OIDC_ISSUER,
        clientId: CONSOLE_OIDC_CLIENT_ID,
        clientSecret: CONSOLE_OIDC_CLIENT_SECRET,
        rolesClaim: config.CONSOLE_OIDC_ROLES_CLAIM,
        redirectUri: `${config.PUBLIC_URL}/console/login/callback`,
      })
    : undefined;
const { TEMPORAL_UI_URL, TEMPORAL_NAMESPACE } = config;

const app = buildServer({
  logger,
  keyring,
  serverPgp,
  pgp: createEnrolmentPgp(serverPgp, (enrolmentId) => findServerKey(database, keyring, enrolmentId)),
  clients: createClientAuthenticator({
    store: { ...clients, find: findClient },
    throttle: createFailureThrottle(FAILURES),
    audience: config.PUBLIC_URL,
  }),
  operators: createOperatorAuthenticator({
    sessions: consoleSessions,
    cookie: sessionCookie,
    authorities: [oidcLogIn, localLogIn].flatMap((wayIn) => wayIn?.authority ?? []),
    publicUrl: config.PUBLIC_URL,
  }),
  operatorConsole: {
    sessions: consoleSessions,
    cookie: sessionCookie,
    pendingLogIn: createPendingLogInCookie(keyring, config.PUBLIC_URL),
    oidc: oidcLogIn,
    local: localLogIn,
    temporalUiUrl: TEMPORAL_UI_URL && `${TEMPORAL_UI_URL}/namespaces/${encodeURIComponent(TEMPORAL_NAMESPACE)}`,
  },
  clientSecrets: createClientSecretStore(database, configuration.changed),
  administered: createAdministration({
    database,
    keyring,
    checks: { pushSettings: checkPushSettings },
    changed: configuration.changed,
  }),
  features: { read: readFeatures },
  serverKeys: createServerKeyStore(database, configuration.changed),
  types: { ...types, find: findType },
  generalSettings: { read: readGeneralSettings },
  tickets: createTicketStore(database),
  enrolments,
  verifyAccessToken:
    IDENTITY_PROVIDER_ISSUER && IDENTITY_PROVIDER_AUDIENCE && IDENTITY_PROVIDER_JWKS_URL
      ? createAccessTokenVerifier({
          issuer: IDENTITY_PROVIDER_ISSUER,
          audience: IDENTITY_PROVIDER_AUDIENCE,
          jwksUrl: IDENTITY_PROVIDER_JWKS_URL,
        })
      : undefined,
  pushTokens: createPushTokenStore(database, keyring),
  pushConfigurationTests: {
    async run(nameOrId, pushToken) {
      const configuration = await pushConfigurations.findByNameOrId(nameOrId);
      return configuration && dryRunPush(configuration, pushToken);
    },
  },
  enrolmentChanges: createEnrolmentChangeStore(database),
  pinKeys: createPinKeyStore(database),
  userDevices: createUserDeviceStore(database),
  askedUsers,
  records,
  operatorTransactions: createOperatorTransactionStore(database),
  health: createHealthStore(database),
  receipts: { ...receipts, listEvidenceKeys },
  smsDeliveries: createSmsDeliveryStore(database),
  twilioAccounts: { list: listTwilioAccounts },
  callbackLog: createCallbackLogReader(database),
  context: {
    templates: { find: findTemplate },
    geolocator,
    recordEvent: auditTrail.record,
  },
  callbackAddresses: { isConfigured: isConfiguredCallback },
  transactions: askWithinLimits({
    transactions: measureTransactions(
      createTransactions(client, watch, config.TEMPORAL_TASK_QUEUE, searchAttributes),
      metrics,
    ),
    askedUsers,
    generalSettings: { read: readGeneralSettings },
  }),
  stages,
  stageWatch,
  auditTrail,
  events,
  outcomes,
  oneSpanDomains: createOneSpanDomainStore(database),
  oneSpanUsers: createOneSpanUserStore(database),
  codeChallenges,
  registrations: createRegistrationStore(database),
  passwords: createPasswordHasher(keyring),
  pingDatabase: async () => {
    await database.raw('select 1');
  },
  isTemporalUp: () => watch.isUp,
  isDraining: draining.isDraining,
  metrics,
  settings: {
    publicUrl: config.PUBLIC_URL,
    trustProxy: config.TRUST_PROXY,
    maxConcurrentRequests: config.API_MAX_CONCURRENT_REQUESTS,
    messageMaxLength: config.MESSAGE_MAX_LENGTH,
    otpLinkPrefix: config.OTP_LINK_PREFIX,
    metricsToken: config.METRICS_TOKEN,
    transactionMaxSeconds: config.TRANSACTION_MAX_SECONDS,
    maxEventStreams: config.API_MAX_EVENT_STREAMS,
    demoPortal: demoPortalOf(config),
  },
});

const server = createHttpServer(app, config.API_MAX_CONNECTIONS);
server.listen(config.API_PORT, config.API_HOST);
await once(server, 'listening');

const pruning = setInterval(() => {
  for (const prune of [enrolments.pruneProofs, clients.pruneAssertions, codeChallenges.prune, consoleSessions.prune]) {
    prune().catch((error: unknown) => logger.warn({ err: error }, 'what is stale was not pruned'));
  }
}, PRUNE_EVERY_MS);

closeOnSignal(
  logger,
  [
    { name: 'readiness', close: draining.begin },
    { name: 'pruning', close: () => clearInterval(pruning) },
    { name: 'waiting calls', close: () => outcomes.close() },
    { name: 'streams', close: () => stageWatch.stop() },
    {
      name: 'server',
      close: async () => {
        const closed = once(server, 'close');
        server.close();
        // Connections whose replies are still on their way become idle later.
        const sweeping = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
        await closed;
        clearInterval(sweeping);
      },
    },
    { name: 'geolocation', close: () => geolocator?.close() },
    { name: 'watch', close: () => watch.stop() },
    { name: 'search attributes', close: () => searchAttributes.stop() },
    { name: 'configuration', close: () => configuration.stop() },
    { name: 'temporal', close: () => client.connection.close() },
    { name: 'database', close: () => database.destroy() },
  ],
  10_000 + config.API_DRAIN_SECONDS * 1_000,
);
logger.info({ address: server.address() }, 'api ready');
process.send?.({ ready: true });
