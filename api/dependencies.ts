import type { DemoPortalSettings } from '../runtime/config.ts';
import type { EnrolmentPgp } from '../runtime/enrolment-pgp.ts';
import type { Keyring } from '../runtime/keyring.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ServerPgp } from '../runtime/openpgp.ts';
import type { PasswordHasher } from '../runtime/password-hash.ts';
import type { VerifyAccessToken } from './access-token.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { ClientAuthenticator } from './client-authentication.ts';
import type { OperatorConsole } from './console/operator-console.ts';
import type { OperatorAuthenticator } from './console/operators.ts';
import type { SecureMessageDependencies } from './context/secure-message.ts';
import type { ApiMetrics } from './metrics.ts';
import type { OutcomeWatch } from './outcome-watch.ts';
import type {
  AdministeredResource,
  ApiEnrolmentStore,
  ApiTransactionStore,
  AskedUserStore,
  AuthenticationTypeStore,
  CallbackAddressStore,
  CallbackLogReader,
  ClientSecretStore,
  CodeChallengeStore,
  EnrolmentChangeStore,
  EventStore,
  FeatureStore,
  GeneralSettingsStore,
  HealthStore,
  OneSpanDomainStore,
  OneSpanUserStore,
  OperatorTransactionStore,
  PinKeyStore,
  PushConfigurationTests,
  PushTokenStore,
  ReceiptStore,
  RegistrationStore,
  ServerKeyStore,
  SmsDeliveryStore,
  StageStore,
  TicketStore,
  TwilioAccountStore,
  UserDeviceStore,
} from './ports.ts';
import type { StageWatch } from './stage-watch.ts';
import type { Transactions } from './transactions.ts';

/** Everything the routes work with, put together in main.ts. */
export interface ApiDependencies {
  readonly logger: Logger;
  readonly keyring: Keyring;
  /** The pair that enrolments share. */
  readonly serverPgp: ServerPgp;
  readonly pgp: EnrolmentPgp;
  readonly clients: ClientAuthenticator;
  /** Operators of the console, by their sessions. */
  readonly operators: OperatorAuthenticator;
  readonly operatorConsole: OperatorConsole;
  readonly clientSecrets: ClientSecretStore;
  /** Every kind of configuration that operators administer. */
  readonly administered: readonly AdministeredResource[];
  readonly features: FeatureStore;
  readonly serverKeys: ServerKeyStore;
  readonly types: AuthenticationTypeStore;
  readonly generalSettings: GeneralSettingsStore;
  readonly tickets: TicketStore;
  readonly enrolments: ApiEnrolmentStore;
  /** Undefined where no identity provider is configured. */
  readonly verifyAccessToken: VerifyAccessToken | undefined;
  readonly pushTokens: PushTokenStore;
  readonly pushConfigurationTests: PushConfigurationTests;
  readonly enrolmentChanges: EnrolmentChangeStore;
  readonly pinKeys: PinKeyStore;
  readonly userDevices: UserDeviceStore;
  readonly askedUsers: AskedUserStore;
  readonly records: ApiTransactionStore;
  readonly operatorTransactions: OperatorTransactionStore;
  readonly health: HealthStore;
  readonly receipts: ReceiptStore;
  readonly smsDeliveries: SmsDeliveryStore;
  readonly twilioAccounts: TwilioAccountStore;
  readonly callbackAddresses: CallbackAddressStore;
  readonly callbackLog: CallbackLogReader;
  readonly context: SecureMessageDependencies;
  readonly stages: Pick<StageStore, 'find'>;
  readonly stageWatch: StageWatch;
  readonly transactions: Transactions;
  readonly auditTrail: AuditTrail;
  readonly events: Omit<EventStore, 'record'>;
  readonly outcomes: OutcomeWatch;
  readonly oneSpanDomains: OneSpanDomainStore;
  readonly oneSpanUsers: OneSpanUserStore;
  readonly codeChallenges: CodeChallengeStore;
  readonly registrations: RegistrationStore;
  readonly passwords: PasswordHasher;
  /** Resolves when PostgreSQL answers; rejects otherwise. */
  pingDatabase(): Promise<void>;
  isTemporalUp(): boolean;
  /** The process has been told to end, and should be sent nothing new. */
  isDraining(): boolean;
  readonly metrics: ApiMetrics;
  readonly settings: {
    readonly publicUrl: string;
    /** For express; undefined trusts none. */
    readonly trustProxy: number | string[] | undefined;
    readonly maxConcurrentRequests: number;
    /** Pages that hear the stages of a transaction, at once; they do not count as requests. */
    readonly maxEventStreams: number;
    readonly messageMaxLength: number;
    readonly transactionMaxSeconds: number;
    /** Who bears it may read the metrics; undefined: nobody may. */
    readonly metricsToken: string | undefined;
    /** A code after it is a link that opens the app. */
    readonly otpLinkPrefix: string;
    /** Undefined where there is no demonstration. */
    readonly demoPortal: DemoPortalSettings | undefined;
  };
}
