/** What the API needs of the database; `db/` implements it. */
import type { JSONWebKeySet } from 'jose';
import type { z } from 'zod';
import type { DeviceSigningKey, Platform } from '../runtime/device-wire.ts';
import type { FieldProblem } from '../runtime/errors.ts';
import type { Features } from '../workflows/domain/features.ts';
import type { PassKeyRules, PhoneProtection } from '../workflows/domain/pass-key.ts';
import type { AskingLimits, AskingState } from '../workflows/domain/push-fatigue.ts';
import type { DeliveryStage } from '../workflows/domain/sms-delivery.ts';
import type { AuthenticationMethod, FinalState, TransactionStatus } from '../workflows/domain/transaction.ts';

export interface ApiClient {
  readonly id: string;
  /** Null where the client proves itself by assertions alone. */
  readonly secretSha256: Buffer | null;
  /** The secret before that one, as long as it is still good. */
  readonly previousSecretSha256: Buffer | null;
  /** Public keys of its assertions. */
  readonly jwks: JSONWebKeySet | null;
  readonly scopes: readonly string[];
}

/** Who made a request, as events keep it. */
export interface Caller {
  /** Null where it is not known. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Whom an event is about, as far as it is known. */
export interface EventSubject {
  readonly transactionId?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly clientId?: string | null | undefined;
  readonly applicationId?: string | null | undefined;
  readonly deviceId?: string | null | undefined;
}

/** An event to be written; names are in docs/events.md. */
export interface NewEvent extends EventSubject {
  readonly name: string;
  /** Nothing secret. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
  readonly caller?: Caller;
  /** Who acted on the user's behalf. */
  readonly agentUser?: string;
}

/** Which events are wanted; all that is given must hold. */
export interface EventFilter {
  /** Upper and lower case are alike. */
  readonly userId?: string | undefined;
  readonly clientId?: string | undefined;
  /** One of these. */
  readonly names?: readonly string[] | undefined;
  readonly exceptNames?: readonly string[] | undefined;
  readonly transactionId?: string | undefined;
  /** Epoch ms, inclusive. */
  readonly fromMs?: number | undefined;
  /** Epoch ms, exclusive. */
  readonly beforeMs?: number | undefined;
}

export interface StoredEvent {
  /** A number as text: it may be too large for one of ours. */
  readonly id: string;
  readonly name: string;
  readonly clientId: string | null;
  readonly applicationName: string | null;
  readonly transactionId: string | null;
  readonly userId: string | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  readonly agentUser: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** Epoch ms, whole. */
  readonly occurredAtMs: number;
  /** Its place among all events; exact, unlike {@link occurredAtMs}. */
  readonly place: EventPlace;
}

export interface EventPlace {
  readonly occurredAt: string;
  readonly id: string;
}

export interface EventStore {
  record(event: NewEvent): Promise<void>;
  /** How many there are, counted up to `max`. */
  count(filter: EventFilter, max: number): Promise<number>;
  /** Newest first. */
  page(filter: EventFilter, page: { readonly offset: number; readonly size: number }): Promise<readonly StoredEvent[]>;
  /** Oldest first, those after this place. */
  after(filter: EventFilter, place: EventPlace | undefined, size: number): Promise<readonly StoredEvent[]>;
}

export interface ApiClientStore {
  find(clientId: string): Promise<ApiClient | undefined>;
  /** Uses an assertion up; false when it was used before. */
  claimAssertion(assertion: {
    readonly clientId: string;
    readonly assertionId: string;
    readonly expiresAtMs: number;
  }): Promise<boolean>;
  /** Forgets assertions that are stale anyway. */
  pruneAssertions(): Promise<void>;
}

export interface ClientSecretStore {
  /**
   * A new secret; the one before stays good for a while. Refused as long as the one before that is still good: it may be
   * the one that the portal uses.
   */
  rotate(
    rotation: {
      readonly clientId: string;
      readonly secretSha256: Buffer;
      readonly previousLifetimeSeconds: number;
    },
    author: Author,
  ): Promise<
    | { readonly ok: true; readonly previousExpiresAt: Date | null }
    | { readonly ok: false; readonly code: 'resource_unknown' | 'secret_rotation_open' }
  >;
  /** The secret before the present one is good no more; false when there is no such client. */
  removePrevious(clientId: string, author: Author): Promise<boolean>;
}

export interface ServerKey {
  readonly id: string;
  readonly purpose: 'openpgp' | 'evidence';
  /** Armored, or the JSON of a JWK. */
  readonly publicKey: string;
  readonly createdAt: Date;
  /** Null while it is in use. */
  readonly retiredAt: Date | null;
}

export interface ServerKeyStore {
  /** Newest first of each purpose, at most 100 in all. */
  list(): Promise<readonly ServerKey[]>;
  /**
   * The evidence key in use signs no more; a worker makes the next one as soon as it hears of it. The id of the retired
   * key; undefined when there was none in use.
   */
  retireEvidenceKey(author: Author): Promise<string | undefined>;
}

export interface FeatureStore {
  read(): Promise<Features>;
}

export interface AuthenticationType {
  readonly name: string;
  readonly method: AuthenticationMethod;
  readonly timeToLiveSeconds: number;
  readonly maxResends: number;
  /** The phone signs the portal's `signing_data`. */
  readonly transactionSigning: boolean;
  readonly numberDigits: number;
  /** What is done when the push can not be handed over. */
  readonly fallback: 'none' | 'sms';
  /** SMS codes that may be tried; 0: no limit of its own. */
  readonly maxAttempts: number;
  /** Language code to message. */
  readonly defaultMessages: Readonly<Record<string, string>>;
  /** Language code to template of the secure message; the ones for all types hold where there is neither one for the language nor an English one. */
  readonly confirmationTemplates: Readonly<Record<string, string>>;
  readonly version: number;
}

export interface AuthenticationTypeStore {
  find(name: string): Promise<AuthenticationType | undefined>;
  list(): Promise<readonly AuthenticationType[]>;
}

/** An enrolment, with what it can answer by. */
export interface EnrolledDevice {
  readonly enrolmentId: string;
  readonly applicationId: string;
  readonly applicationName: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly platform: Platform;
  /** A push can reach it. */
  readonly hasPushToken: boolean;
  readonly hasPin: boolean;
  readonly hasBiometricKey: boolean;
  readonly hasCustomAuthenticator: boolean;
}

/** What a push provider said of a configuration, or of a push token by it. */
export type PushConfigurationReport =
  | { readonly result: 'accepted'; readonly providerMessageId: string }
  /** `failure` and `providerCode` as in docs/push-providers.md. */
  | { readonly result: 'refused'; readonly failure: string; readonly providerCode?: string }
  /** The provider can not check without sending. */
  | { readonly result: 'unsupported' };

export interface PushConfigurationTests {
  /** Within the time for a push. Undefined when no configuration has this name or id; `busy` when too many are under way. */
  run(nameOrId: string, pushToken: string | undefined): Promise<PushConfigurationReport | 'busy' | undefined>;
}

export interface NewTicket {
  readonly userId: string;
  readonly applicationId: string;
  readonly clientId: string;
  readonly lifetimeSeconds: number;
  readonly secretSha256: Buffer;
  readonly caller?: Caller;
}

export interface TicketStore {
  /** Undefined when the application does not exist. */
  create(ticket: NewTicket): Promise<{ readonly reference: string; readonly expiresAt: Date } | undefined>;
}

/** How many devices of one user may be enrolled for one application. */
export type PushEnrolmentMode = 'single_device' | 'override_allowed' | 'multiple_devices';

/** What holds for all applications; operators change it while everything runs. */
export interface GeneralSettings {
  readonly enrolmentEnabled: boolean;
  /** Each new enrolment gets an OpenPGP pair of the server of its own. */
  readonly uniquePgpKeysEnabled: boolean;
  readonly pushEnrolmentEnabled: boolean;
  readonly pushEnrolmentMode: PushEnrolmentMode;
  readonly smsAuthenticationEnabled: boolean;
  /** A begin with a callback address that is not configured is refused. */
  readonly onlyPreconfiguredCallbacks: boolean;
  /** How often one user is asked by push; null where that is not limited. */
  readonly askingLimits: AskingLimits | null;
}

/** What is kept of users who were asked by push. */
export interface AskedUserStore {
  read(userId: string): Promise<{ readonly state: AskingState; readonly version: string }>;
  /** False, and nothing changed, where somebody else has changed it since this version was read. A block is not touched. */
  replace(userId: string, version: string, state: AskingState): Promise<boolean>;
  /** The transaction asks nobody. */
  release(userId: string, transactionId: string): Promise<void>;
  /** Forgets misses and block, with its event; false where there was nothing to forget. */
  unlock(request: {
    readonly userId: string;
    /** Null where an operator of the console asks. */
    readonly clientId: string | null;
    readonly agentUser: string;
    readonly caller: Caller;
  }): Promise<boolean>;
}

/** One attempt to call a portal back. */
export interface LoggedCallback {
  /** Epoch ms. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Null where there was no reply. */
  readonly httpStatus: number | null;
  /** Null where the portal took it. */
  readonly failure: string | null;
  /** 0: the callback itself; else the number of the redelivery. */
  readonly delivery: number;
  /** Within the delivery; 0 is the quick attempt made with the outcome. */
  readonly number: number;
}

/** What the API reads of the delivery log. */
export interface CallbackLogReader {
  /** Oldest first, and the newest 200 of them. */
  list(transactionId: string): Promise<readonly LoggedCallback[]>;
  /** How many redeliveries were made so far. */
  countRedeliveries(transactionId: string): Promise<number>;
}

export interface TemplateStore {
  /** The template of the secure message for all types in this language, or else in English; undefined for none at all. */
  find(language: string): Promise<string | undefined>;
}

export interface CallbackAddressStore {
  /** True where exactly this address is configured. */
  isConfigured(callbackUri: string): Promise<boolean>;
}

export interface GeneralSettingsStore {
  read(): Promise<GeneralSettings>;
}

/** A user, as the ticket or the operator's identity provider names them. */
export interface ProvenUser {
  readonly userId: string;
  readonly applicationId: string;
}

/** What a phone brings to an enrolment, and how it is to be made. */
export interface EnrolmentFields {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly platform: Platform;
  readonly model: string | undefined;
  readonly osVersion: string | undefined;
  readonly pgpPublicKey: string;
  readonly signingKey: DeviceSigningKey;
  /** Undefined: keys only, until the phone brings a push token. */
  readonly pushToken: string | undefined;
  /** The mode of the moment. */
  readonly mode: PushEnrolmentMode;
  /** Undefined where the app does not say. */
  readonly appVersion: string | undefined;
  /** The server's OpenPGP pair for this enrolment alone; undefined: it shares the common one. */
  readonly serverKey: { readonly publicKey: string; readonly privateKey: string } | undefined;
  readonly caller?: Caller | undefined;
}

/** An enrolment by ticket. */
export interface NewEnrolment extends EnrolmentFields {
  readonly ticketReference: string;
  readonly ticketSecretSha256: Buffer;
}

export type EnrolResult =
  | {
      readonly ok: true;
      readonly enrolmentId: string;
      readonly userId: string;
      readonly applicationId: string;
      /** Armored, of the pair for this enrolment alone; null where it shares the common one. */
      readonly serverPgpPublicKey: string | null;
      /** Running transactions of enrolments that this one replaced; to be cancelled. */
      readonly endedTransactionIds: readonly string[];
    }
  | {
      readonly ok: false;
      readonly code:
        | 'ticket_invalid'
        | 'application_unknown'
        | 'user_already_enrolled'
        | 'device_already_enrolled'
        | 'app_version_disabled';
      /** Whom the ticket or token proved, where it did. */
      readonly user?: ProvenUser | undefined;
    };

/** A change of the PIN: what it brings, and what it shows of the key that is to be replaced. */
export interface PinChangeAttempt {
  readonly enrolmentId: string;
  /** Of the message that carries it: the same message again is charged once. */
  readonly changeSha256: string;
  readonly changeId: string;
  readonly publicKey: string;
  /** True when the change was made against this key; tells nothing of the PIN. */
  isAgainst(pinPublicKey: string): boolean;
  /** True when it proves this key. Asked only once the attempt is charged. */
  proves(pinPublicKey: string): boolean;
}

export type PinChangeResult =
  | { readonly kind: 'changed' | 'pin_not_set' | 'pin_challenge_stale' | 'enrolment_unknown' }
  | { readonly kind: 'pin_wrong'; readonly attemptsLeft: number }
  /** That was the last attempt: the enrolment is revoked. */
  | { readonly kind: 'failed'; readonly endedTransactionIds: readonly string[] };

/** A device of a user, as the vendor's device API knows it. */
export interface UserDevice {
  readonly deviceId: string;
  readonly name: string;
  readonly applicationId: string;
  readonly applicationName: string;
  readonly model: string | null;
  readonly platform: Platform;
  readonly osVersion: string | null;
  readonly createdAtMs: number;
  /** Of the last request that the phone made for this user, to the minute. */
  readonly lastSeenAtMs: number;
  /** The user's keys on it are good. */
  readonly isEnrolled: boolean;
  readonly hasPushToken: boolean;
  readonly hasBiometricKey: boolean;
  readonly hasCustomAuthenticator: boolean;
}

/**
 * What is taken from users on devices. `device`: everything; the user is not on the device any more.
 * `mobile_authentication`: the keys, and with them the push token. `push`: the push token. `fingerprint`: the biometric key.
 */
export type Withdrawal = 'device' | 'mobile_authentication' | 'push' | 'fingerprint';

export interface WithdrawalRequest {
  readonly what: Withdrawal;
  /** Undefined: every user on the device. */
  readonly userId?: string;
  /** Undefined: every device of the user. */
  readonly deviceIds?: readonly string[];
  /** Name of the event that each user on each device gets; with nothing to take there is none. */
  readonly event: string;
  /** In addition, of those whose push token went with it. */
  readonly pushEvent?: string | undefined;
  /** Null where an operator of the console asks. */
  readonly clientId: string | null;
  readonly agentUser?: string | undefined;
  readonly caller: Caller;
}

export interface WithdrawalResult {
  /** Devices that something was taken from. */
  readonly deviceIds: readonly string[];
  /** Running transactions that nobody can answer any more; to be cancelled. */
  readonly endedTransactionIds: readonly string[];
}

export interface UserDeviceStore {
  /** The devices that this user is on, oldest first, at most a thousand. */
  list(userId: string): Promise<readonly UserDevice[]>;
  withdraw(request: WithdrawalRequest): Promise<WithdrawalResult>;
}

export interface PinKeyStore {
  /** The PIN key of an active enrolment, and the last change that came through; undefined where no PIN is set. */
  findPinKey(
    enrolmentId: string,
  ): Promise<{ readonly publicKey: string; readonly lastChangeId: string | null } | undefined>;
  /**
   * Charges an attempt, judges it, and replaces the key or counts, all in one database transaction. Changes of one
   * enrolment are judged one after the other. A change that came through before is told so again.
   */
  change(attempt: PinChangeAttempt): Promise<PinChangeResult>;
  /** False when the enrolment has another PIN key already. */
  setFirst(enrolmentId: string, publicKey: string): Promise<boolean>;
  /** Registers, replaces or (null) takes away the biometric key. */
  setBiometricKey(enrolmentId: string, key: DeviceSigningKey | null): Promise<void>;
}

/** The enrolment that made a request, as it stands at that moment. */
export interface DeviceCaller {
  readonly enrolmentId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly applicationId: string;
  readonly pgpPublicKey: string;
  readonly hasOwnServerKey: boolean;
  /** Grows with each change of keys. */
  readonly keyVersion: number;
  /** The database's clock, epoch ms. */
  readonly nowMs: number;
}

export interface ApiEnrolmentStore {
  /** Uses the ticket up and binds the phone, all or nothing. */
  enrol(enrolment: NewEnrolment): Promise<EnrolResult>;
  /** Binds the phone to a user who was proven otherwise; the same phone again gets the same enrolment. */
  enrolProven(user: ProvenUser, enrolment: EnrolmentFields): Promise<EnrolResult>;
  /** Devices of this user, at most 100: those that a push can reach before the others, the first enrolled first. */
  listEnrolled(userId: string): Promise<readonly EnrolledDevice[]>;
  /** Undefined when the enrolment is not active. */
  findSigningKey(
    enrolmentId: string,
  ): Promise<{ readonly signingKey: DeviceSigningKey; readonly keyVersion: number } | undefined>;
  /**
   * Uses a proof up, and remembers the version of the app where it tells one. `replayed` when the proof was used before,
   * `app_version_disabled` when this version is not served, undefined when the enrolment is not active.
   */
  admitProof(
    enrolmentId: string,
    proofId: string,
    lifetimeSeconds: number,
    appVersion?: string,
  ): Promise<DeviceCaller | 'replayed' | 'app_version_disabled' | undefined>;
  /** Forgets proofs that are stale anyway. */
  pruneProofs(): Promise<void>;
}

export interface PushTokenChange {
  readonly enrolmentId: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly pushToken: string;
  /** The one to be replaced; undefined for the first one. */
  readonly oldPushToken: string | undefined;
  /** The mode of the moment; a first push token is judged by it. */
  readonly mode: PushEnrolmentMode;
  readonly caller?: Caller | undefined;
}

export type PushTokenResult =
  | { readonly ok: true; readonly endedTransactionIds: readonly string[] }
  | { readonly ok: false; readonly code: 'user_already_enrolled' | 'device_already_enrolled' | 'push_token_mismatch' };

export interface PushTokenStore {
  /** Sets the token where the old one is the one that is there; the same change again changes nothing. */
  set(change: PushTokenChange): Promise<PushTokenResult>;
  /** Nothing where there is none. */
  erase(enrolmentId: string, caller?: Caller): Promise<void>;
}

export interface NewKeys {
  readonly pgpPublicKey?: string | undefined;
  readonly signingKey?: DeviceSigningKey | undefined;
}

export type RotateResult = 'rotated' | 'keys_replaced' | 'transactions_pending';

export interface EnrolmentChangeStore {
  /** Revokes; returns the running transactions, to be cancelled. None when it was revoked before. */
  disenrol(enrolmentId: string, caller?: Caller): Promise<readonly string[]>;
  /** Transactions that still run although their enrolment was revoked; to be cancelled. */
  listOrphans(enrolmentId: string): Promise<readonly string[]>;
  /** Renames the device of this enrolment. */
  renameDevice(enrolmentId: string, name: string): Promise<void>;
  /** Replaces keys, unless they are not of this version any more or a transaction waits for this phone. */
  rotateKeys(enrolmentId: string, keyVersion: number, keys: NewKeys, caller?: Caller): Promise<RotateResult>;
}

/** A transaction as its portal may see it. */
export interface TransactionRecord {
  readonly transactionId: string;
  /** Null while no phone has claimed it. */
  readonly userId: string | null;
  /** Null where the portal is not called back. */
  readonly callbackUri: string | null;
  readonly createdAtMs: number;
  readonly timeToLiveMs: number;
  readonly policyVersion: number;
  readonly method: AuthenticationMethod;
  readonly requestSha256: string;
  /** It is asked by SMS, or would have been: its type says so, or the push failed. */
  readonly isBySms: boolean;
  /** The first push or SMS was taken by its provider, where there is one to send. */
  readonly isHandedOver: boolean;
  readonly deviceName: string | null;
  readonly platform: Platform | null;
  /** The tried SMS code that the approval rests on; null for none. */
  readonly approvedByAttempt: string | null;
  /** Attempts charged: only with `push_with_pin`. */
  readonly attempts: number;
  /** Null while pending. */
  readonly outcome: FinalState | null;
}

/** A transaction that is over. */
export interface SettledTransaction {
  readonly transactionId: string;
  readonly outcome: FinalState;
}

/** A transaction as the phone that is asked may see it, sealed texts opened. */
export interface DeviceTransaction {
  readonly transactionId: string;
  readonly typeName: string;
  readonly method: AuthenticationMethod;
  readonly message: string;
  readonly secureMessage: string | null;
  readonly signingData: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly outcome: FinalState | null;
  /** The answer that the outcome rests on. */
  readonly answerSha256: string | null;
}

/** How often a user may be wrong, and how often still. */
export interface RemainingAttempts {
  readonly max: number;
  readonly left: number;
}

/** What the API reads of receipts. */
export interface ReceiptStore {
  /** Undefined when the transaction is unknown or another client's; a null receipt when none is kept. */
  findForClient(
    transactionId: string,
    clientId: string,
  ): Promise<{ readonly isPending: boolean; readonly receipt: string | null } | undefined>;
  /** Public halves of the evidence keys, present and past, each the JSON of a JWK; none until a worker has made one. */
  listEvidenceKeys(): Promise<readonly string[]>;
}

export interface ApiTransactionStore {
  /** Undefined when unknown or another client's. */
  findForClient(transactionId: string, clientId: string): Promise<TransactionRecord | undefined>;
  /** Undefined when unknown or asked of another enrolment. */
  findForEnrolment(transactionId: string, enrolmentId: string): Promise<DeviceTransaction | undefined>;
  /** Newest first, at most 50: no user has more pending at once that a phone could show. */
  listPending(enrolmentId: string): Promise<readonly DeviceTransaction[]>;
  /**
   * Gives an unclaimed transaction of method `otp` to the enrolment that read its code. `own` also when it has it already,
   * `others` when another one has it, undefined when there is no such transaction.
   */
  claimOtp(
    transactionId: string,
    caller: Pick<DeviceCaller, 'enrolmentId' | 'userId' | 'applicationId' | 'deviceId'>,
  ): Promise<'own' | 'others' | 'expired' | 'settled' | undefined>;
  /** Undefined when unknown. */
  findRemainingAttempts(transactionId: string): Promise<RemainingAttempts | undefined>;
  /** Outcomes of those of these transactions that are over, in one look. */
  listOutcomes(transactionIds: readonly string[]): Promise<readonly SettledTransaction[]>;
  /** Claims the one fetch for this request id; true also when this id has it already. */
  claimFetch(transactionId: string, enrolmentId: string, requestId: string, caller?: Caller): Promise<boolean>;
}

/** Which transactions operators want to see; all that is given must hold. */
export interface TransactionFilter {
  readonly id?: string | undefined;
  readonly userId?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly type?: string | undefined;
  readonly status?: TransactionStatus | undefined;
  readonly method?: AuthenticationMethod | undefined;
  readonly clientId?: string | undefined;
  /** Begun then or later, epoch ms. */
  readonly fromMs?: number | undefined;
  /** Begun before, epoch ms. */
  readonly beforeMs?: number | undefined;
}

/** A place among all transactions, which begin at exact times. */
export interface TransactionPlace {
  readonly createdAt: string;
  readonly id: string;
}

/** A transaction as operators see it in a list. Times are epoch ms, whole. */
export interface TransactionItem {
  readonly id: string;
  readonly userId: string | null;
  readonly deviceId: string | null;
  readonly type: string;
  /** As it was asked for. */
  readonly method: AuthenticationMethod;
  readonly status: TransactionStatus;
  readonly clientId: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly settledAtMs: number | null;
}

/** How its callback stands; `none` where nobody is called back. */
export type CallbackState = 'none' | 'not_yet' | 'waiting' | 'quarantined' | 'delivered' | 'given_up';

/** Everything of one transaction but what is secret and what was said. */
export interface TransactionDetail extends TransactionItem {
  readonly applicationId: string | null;
  readonly policyVersion: number;
  readonly deviceName: string | null;
  readonly platform: Platform | null;
  /** It is asked by SMS, or would have been. */
  readonly isBySms: boolean;
  readonly resends: number;
  /** Null where the type is another one by now. */
  readonly maxResends: number | null;
  /** PINs, numbers and codes that were tried and cost an attempt. */
  readonly attempts: number;
  readonly outcome: FinalState | null;
  readonly callbackUri: string | null;
  readonly callbackState: CallbackState;
  readonly hasReceipt: boolean;
}

/** An event of a transaction, with what it tells. */
export interface TransactionEventRow {
  readonly name: string;
  readonly occurredAtMs: number;
  readonly agentUser: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
}

/** What became of one push; of several tries the last. */
export interface PushSendRow {
  readonly step: number;
  readonly provider: string | null;
  readonly configuration: string | null;
  readonly providerMessageId: string | null;
}

/** What became of one SMS. */
export interface SmsSendRow {
  readonly step: number;
  readonly gateway: string | null;
  readonly providerMessageId: string | null;
  readonly deliveryCode: string | null;
  /** Stage of delivery to when it was told. */
  readonly deliveryTimes: Readonly<Record<string, string>>;
}

/** Everything that is kept of what happened to a transaction. */
export interface TransactionHistory {
  /** Oldest first, at most 400, of the portal's looks at the result the first one alone. */
  readonly events: readonly TransactionEventRow[];
  readonly pushes: readonly PushSendRow[];
  readonly sms: readonly SmsSendRow[];
}

/** What an operator does with a transaction of whichever client. */
export interface OperatorAction {
  /** Name of its event. */
  readonly event: string;
  /** In which state it makes sense: in the other one no event is written. */
  readonly when: 'pending' | 'settled';
  readonly author: Author;
  /** Undefined where an API client gives none. */
  readonly reason: string | undefined;
}

/** What operators read of transactions, and note of what they do with them, whosever they are. */
export interface OperatorTransactionStore {
  /** Newest first, those older than `after`. */
  page(
    filter: TransactionFilter,
    page: { readonly after?: TransactionPlace | undefined; readonly limit: number },
  ): Promise<readonly (TransactionItem & { readonly place: TransactionPlace })[]>;
  /** Undefined when unknown, or, where a user is named, another user's. */
  find(transactionId: string, userId: string | undefined): Promise<TransactionDetail | undefined>;
  readHistory(transactionId: string): Promise<TransactionHistory>;
  /** Notes by an event, before it is done, what an operator does. Undefined when there is no such transaction. */
  noteAction(
    transactionId: string,
    action: OperatorAction,
  ): Promise<{ readonly isPending: boolean; readonly callbackUri: string | null } | undefined>;
  /** A null receipt when none is kept; undefined as {@link find} is. */
  findReceipt(
    transactionId: string,
    userId: string | undefined,
  ): Promise<{ readonly isPending: boolean; readonly receipt: string | null } | undefined>;
}

/** A callback address that keeps failing, and is tried seldom. Times are epoch ms. */
export interface Quarantined {
  /** Scheme, host, port and path. */
  readonly address: string;
  readonly sinceMs: number;
  /** In a row. */
  readonly failures: number;
  readonly lastFailure: string;
  readonly trials: number;
  readonly nextTrialAtMs: number;
}

/** How things went lately. Buckets begin at `atMs` (epoch ms), oldest first; those in which nothing was are not there. */
export interface HealthFigures {
  readonly begun: readonly { readonly atMs: number; readonly count: number }[];
  readonly settled: readonly { readonly atMs: number; readonly status: string; readonly count: number }[];
  /** Seconds from begin to the user's answer, of approvals and denials. */
  readonly answered: readonly { readonly atMs: number; readonly p50: number; readonly p95: number }[];
  /** To call portals back. */
  readonly attempts: readonly { readonly atMs: number; readonly count: number; readonly failures: number }[];
  readonly pushes: { readonly sent: number; readonly failed: number };
  readonly providerErrors: readonly { readonly provider: string; readonly code: string; readonly count: number }[];
  /** At most 100, the last one first. */
  readonly quarantined: readonly Quarantined[];
  readonly callbacksWaiting: number;
  /** Transactions that wait for their users, and those a minute and more after their deadline. */
  readonly pending: number;
  readonly overdue: number;
  /** Of this day (UTC). */
  readonly sms: { readonly today: number; readonly perDay: number; readonly undelivered: number };
}

export interface HealthStore {
  /** Each figure of the newest 200,000 rows at most. */
  read(window: { readonly windowSeconds: number; readonly bucketSeconds: number }): Promise<HealthFigures>;
  /** Ends the quarantine of an address, with an event; false where it is in none. */
  release(address: string, author: Author, reason: string): Promise<boolean>;
}

/** What a gateway reports of one message. */
export interface SmsDelivery {
  readonly transactionId: string;
  readonly step: number;
  readonly providerMessageId: string;
  readonly stage: DeliveryStage;
  /** The gateway's own word for why it was not delivered. */
  readonly code: string | null;
}

export interface SmsDeliveryStore {
  /** Moves the message forward; an older report, or one about a message that is not ours, changes nothing. */
  record(delivery: SmsDelivery): Promise<void>;
}

/** Who may report on messages: the configured accounts, with the token that signs their reports. */
export interface TwilioAccountStore {
  list(): Promise<readonly { readonly accountSid: string; readonly authToken: string }[]>;
}

/** What somebody may be allowed to do in administration; `api/permissions.ts` says who may. */
export type AdministrationAction =
  | 'read_configuration'
  | 'write_configuration'
  | 'read_clients'
  | 'write_clients'
  | 'read_keys'
  | 'rotate_keys'
  | 'cancel_transactions'
  | 'resend_transactions'
  | 'redeliver_callbacks'
  | 'read_transactions'
  /** Of one user, whom the request must name. */
  | 'read_transactions_of_user'
  | 'read_events'
  /** Of one user, whom the request must name. */
  | 'read_events_of_user'
  | 'read_health'
  | 'read_users'
  | 'manage_devices';

/** Somebody who was let in to the console. */
export interface ConsoleOperator {
  /** Who let them in: an identity provider, or the configuration's own account as it was then. */
  readonly authority: string;
  /** By which the authority knows them. */
  readonly subject: string;
  /** As pages and events show them. */
  readonly name: string;
  /** Of administration alone. */
  readonly scopes: readonly string[];
}

/** An operator who is logged in. */
export interface ConsoleSession extends ConsoleOperator {
  /** Epoch ms; when it ends if nobody does anything until then. */
  readonly expiresAtMs: number;
}

/** Sessions of the console, known by the SHA-256 of their ids. */
export interface ConsoleSessionStore {
  /** Begins one, with its event. Of one operator the twenty newest stay. */
  open(idSha256: Buffer, operator: ConsoleOperator, caller: Caller): Promise<ConsoleSession>;
  /**
   * Undefined when it is unknown, was not used for half an hour, is ten hours old, or was let in by nobody of
   * `authorities`. `isUsed` keeps it from being unused.
   */
  find(idSha256: Buffer, authorities: readonly string[], isUsed: boolean): Promise<ConsoleSession | undefined>;
  /** Ends every session of the operator whose session this is, with an event; nothing where there is none. */
  end(idSha256: Buffer, caller: Caller): Promise<void>;
  /** Forgets those that have ended. */
  prune(): Promise<void>;
}

/** Who changes something: a client of the API, an operator behind one, or whoever runs a command. */
export interface Author {
  readonly clientId?: string;
  readonly operator?: string;
}

/** One state of an administered resource. */
export interface Administered {
  /** Without its secrets: in their place stands `{"set": boolean}`. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Of this state alone, never of another one of any resource. */
  readonly revision: string;
}

/** How a document is to be changed: as a whole (PUT), or by a merge patch (RFC 7396). */
export interface ResourceChange {
  readonly kind: 'replace' | 'merge';
  readonly body: unknown;
}

/** The states that a change may start from; `any` takes what there is. */
export type ExpectedRevision = readonly string[] | 'any';

export type ResourceRefusal =
  | { readonly ok: false; readonly code: 'request_invalid'; readonly errors: readonly FieldProblem[] }
  | {
      readonly ok: false;
      readonly code: 'resource_unknown' | 'resource_exists' | 'resource_referenced' | 'precondition_failed';
    };

export type ResourceResult =
  | { readonly ok: true; readonly entry: Administered; readonly changedFields: readonly string[] }
  | ResourceRefusal;

/**
 * A kind of configuration that operators administer. Every change is checked as a whole document, and written together
 * with its event, which names who changed which fields.
 */
export interface AdministeredResource {
  /** Of the path and of the configuration file, such as `authentication-types`. */
  readonly name: string;
  /** Fields that name one document, in the order of the path; none where there is one document only. */
  readonly identity: readonly string[];
  /** The whole document as it is written. */
  readonly schema: z.ZodObject;
  /** Fields that are never shown: `{"set": …}` stands in their place. */
  readonly secretFields: readonly string[];
  /** A document as an operator might write it. */
  readonly example: Readonly<Record<string, unknown>>;
  readonly access: { readonly read: AdministrationAction; readonly write: AdministrationAction };
  /** In the order of their names, those after `after`. */
  list(page: { readonly after?: readonly string[]; readonly limit: number }): Promise<readonly Administered[]>;
  find(key: readonly string[]): Promise<Administered | undefined>;
  create(body: unknown, author: Author): Promise<ResourceResult>;
  /** Changes nothing, and tells no event, where the document stays the same. */
  change(
    key: readonly string[],
    change: ResourceChange,
    expected: ExpectedRevision,
    author: Author,
  ): Promise<ResourceResult>;
  remove(
    key: readonly string[],
    expected: ExpectedRevision,
    author: Author,
  ): Promise<{ readonly ok: true } | ResourceRefusal>;
}

/** What is said to users of a domain. A title and a subject travel in the push; the text does not. */
export interface OneSpanTexts {
  readonly loginTitle: string;
  readonly loginSubject: string;
  /** Shown by the phone once it has fetched the challenge. */
  readonly loginText: string;
  readonly transactionTitle: string;
  readonly transactionSubject: string;
}

/** A domain of the OneSpan surface: whose users they are, which app asks them, and how. */
export interface OneSpanDomain extends PassKeyRules, OneSpanTexts {
  readonly name: string;
  /** Its users may be named without a domain; one domain at most. */
  readonly isDefault: boolean;
  /** The application, which the vendor calls the mobile application name. */
  readonly applicationId: string;
  /** The authentication type that its transactions count as. */
  readonly typeName: string;
  /** API clients that may use it; none: all that have the scope. */
  readonly clientIds: readonly string[];
  readonly transactionMethod: PhoneProtection;
  /** Of logins and transactions; 0: as long as the surface allows. */
  readonly timeoutSeconds: number;
  /** Of challenges that are answered by a typed code; 0: as long as the surface allows. */
  readonly challengeSeconds: number;
  /** Wrong static passwords in a row before the user is locked. */
  readonly passwordMaxAttempts: number;
  /** Grows with each change. */
  readonly version: number;
}

export interface OneSpanDomainStore {
  /** In the order of their names, those after `after`. */
  list(page: { readonly after: string | undefined; readonly limit: number }): Promise<readonly OneSpanDomain[]>;
  find(name: string): Promise<OneSpanDomain | undefined>;
  /** The one whose users need no domain in their names. */
  findDefault(): Promise<OneSpanDomain | undefined>;
  /** Creates or replaces; names what of it does not exist, is another domain's, or must not change while it has users. */
  put(
    domain: Omit<OneSpanDomain, 'version'>,
    author: Author,
  ): Promise<
    { readonly ok: true } | { readonly ok: false; readonly field: 'applicationId' | 'typeName' | 'isDefault' }
  >;
}

/** A user of the OneSpan surface, by the id that enrolments know. */
export interface OneSpanUserRecord {
  readonly hasStaticPassword: boolean;
  readonly passwordFailures: number;
  readonly createdAtMs: number;
}

export interface OneSpanUserStore {
  find(userId: string): Promise<OneSpanUserRecord | undefined>;
  /** False when there is one already. */
  register(user: {
    readonly userId: string;
    readonly domainName: string;
    readonly passwordHash: string | null;
  }): Promise<boolean>;
  /** Sets the password and forgets wrong ones; makes the user where there is none. */
  setPassword(user: {
    readonly userId: string;
    readonly domainName: string;
    readonly passwordHash: string;
  }): Promise<void>;
  /**
   * Charges an attempt before it is judged: sixteen at once cost sixteen. `unknown` also for a user without a password,
   * `locked` when there was none left to charge.
   */
  chargePassword(
    userId: string,
    limit: number,
  ): Promise<{ readonly passwordHash: string; readonly attemptsLeft: number } | 'unknown' | 'locked'>;
  /** Writes the event of the last wrong password. */
  recordLocked(userId: string, clientId: string): Promise<void>;
  /** A right password makes up for the wrong ones before it. */
  forgivePasswords(userId: string): Promise<void>;
  /**
   * Forgets the user, and ends their enrolments of the application; returns their running transactions, to be cancelled.
   * Undefined when there is neither the user nor an enrolment.
   */
  unregister(userId: string, applicationId: string): Promise<readonly string[] | undefined>;
}

/** A challenge that the user answers with a typed code. */
export interface NewCodeChallenge {
  readonly id: string;
  readonly clientId: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly lifetimeSeconds: number;
  /** That the user types on the phone; null where the phone reads a picture. */
  readonly digits: string | null;
}

/** Whose phone a challenge is for, and how long it lives. */
export interface IssuedCodeChallenge {
  readonly id: string;
  readonly enrolmentId: string;
  readonly pgpPublicKey: string;
  readonly hasOwnServerKey: boolean;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export interface CodeChallengeStore {
  /** For the first enrolment of the user with the application; undefined when there is none. */
  create(challenge: NewCodeChallenge): Promise<IssuedCodeChallenge | undefined>;
  /** The newest one of these digits that this enrolment can still answer. */
  findByDigits(enrolmentId: string, digits: string): Promise<IssuedCodeChallenge | undefined>;
  /** Charges a typed code before it is judged; false when the challenge is unknown, another's, over or used up. */
  charge(id: string, clientId: string, userId: string): Promise<boolean>;
  /** Uses the challenge up: true for the first right code, and for no other. */
  use(id: string): Promise<boolean>;
  /** Undefined when unknown or another client's. */
  findStatus(id: string, clientId: string): Promise<'pending' | 'used' | 'used_up' | 'expired' | undefined>;
  /** Forgets those that are long over. */
  prune(): Promise<void>;
}

/** Where an enrolment ticket stands, as the OneSpan surface tells it. */
export interface Registration {
  readonly reference: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly status: 'pending' | 'activated' | 'timeout';
  /** Of the phone that has used the ticket. */
  readonly platform: Platform | null;
}

export interface RegistrationStore {
  /** Undefined when unknown or another client's. */
  find(reference: string, clientId: string): Promise<Registration | undefined>;
  /** The last one that this client began for the user; undefined when there is none. */
  findLast(user: ProvenUser, clientId: string): Promise<Registration | undefined>;
}

/** A transaction whose stages are to be told. */
export interface WatchedTransaction {
  readonly clientId: string;
  readonly expiresAtMs: number;
  /** The portal is called back after the outcome. */
  readonly isCalledBack: boolean;
}

/** An event of a transaction, and how the transaction stands. */
export interface StageRow {
  readonly eventId: number;
  readonly transactionId: string;
  readonly eventName: string;
  readonly status: TransactionStatus;
  readonly occurredAtMs: number;
}

export interface StageStore {
  find(transactionId: string): Promise<WatchedTransaction | undefined>;
  /** Events of these transactions with a greater id, the first one first. One statement, however many are watched. */
  readAfter(transactionIds: readonly string[], afterEventId: number): Promise<readonly StageRow[]>;
}
