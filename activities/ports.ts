/** What the activities need of the world. `db/` and `activities/adapters/` implement these; none holds a rule. */
import type { AuthenticateInput, CustomInfo, RedeliverCallbackInput } from '../workflows/contract.ts';
import type { PushFailure } from '../workflows/domain/push-failure.ts';
import type { AuthenticationMethod, FinalState } from '../workflows/domain/transaction.ts';

export type { PushFailure } from '../workflows/domain/push-failure.ts';

/** The facts that go with every event, so that an auditor finds it by user, client or transaction. */
export interface EventSubject {
  readonly transactionId?: string;
  readonly userId?: string | null;
  readonly clientId?: string;
  readonly applicationId?: string | null;
  readonly deviceId?: string | null;
}

/** Names are the vendor's where it has one (docs/architecture.md, Events). */
export interface AuditEvent {
  readonly name: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** What is kept of the answer that settled a transaction. */
export interface Evidence {
  /** Armored OpenPGP message, as it came. */
  readonly answer: string;
  readonly answerSha256: string;
  readonly enrolmentId: string;
}

export interface Settlement {
  readonly outcome: FinalState;
  readonly transactionId: string;
  readonly event: AuditEvent;
  readonly evidence?: Evidence;
  /** Signed; null only where nothing can be settled any more, as the transaction is unknown or settled. */
  readonly receipt: string | null;
}

/** What a receipt tells beside the outcome. The text that was shown is here as its hash alone. */
export interface PendingTransaction {
  readonly transactionId: string;
  readonly clientId: string;
  /** The four are null where no phone has claimed it. */
  readonly userId: string | null;
  readonly applicationId: string | null;
  readonly deviceId: string | null;
  readonly enrolmentId: string | null;
  readonly typeName: string;
  readonly policyVersion: number;
  readonly method: AuthenticationMethod;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** The database's clock, epoch ms. */
  readonly nowMs: number;
  /** Base64url SHA-256 of the secure message, or of the short one where there is no other. */
  readonly shownSha256: string;
  /** Base64url SHA-256 of the data to be signed, where there is any. */
  readonly signingDataSha256?: string;
  /** RFC 7638, of the enrolment's signing key; null, as the next one, when the enrolment is gone. */
  readonly deviceKeyThumbprint: string | null;
  /** Armored OpenPGP public key of the phone. */
  readonly pgpPublicKey: string | null;
}

/** Signs receipts. */
export interface ReceiptSigner {
  /** Fingerprint of an armored OpenPGP public key, hexadecimal. */
  pgpFingerprintOf(pgpPublicKey: string): Promise<string>;
  /** Compact JWS over the claims by the evidence key. */
  sign(claims: object): Promise<string>;
}

/** The outcome that stands, and the answer it rests on if it rests on one. */
export interface StandingOutcome {
  readonly outcome: FinalState;
  readonly answerSha256: string | null;
  /** False when it stood before. */
  readonly isNew: boolean;
}

export interface TransactionStore {
  /** Writes the transaction and its first event. A second call changes nothing. */
  open(input: AuthenticateInput, times: { readonly createdAtMs: number; readonly deadlineMs: number }): Promise<void>;
  /** Undefined when the transaction is unknown or settled. */
  findPending(transactionId: string): Promise<PendingTransaction | undefined>;
  /**
   * Writes outcome, evidence, event and receipt in one statement, unless the transaction is settled already.
   * Returns the outcome that stands, which is the first one. A transaction that was never opened leaves nothing to
   * contradict: nothing is written and the given outcome stands.
   */
  settle(settlement: Settlement): Promise<StandingOutcome>;
  /** Undefined while there is none. */
  findOutcome(transactionId: string): Promise<StandingOutcome | undefined>;
  /** The enrolment whose phone has claimed the transaction; undefined while none has. */
  findClaimant(transactionId: string): Promise<string | undefined>;
}

/** Apps that come from the store are reached in production, those from a developer's machine in development. */
export type ApnsEnvironment = 'production' | 'development';

/** What APNs is told beside the message; other providers have no use for it. */
export interface ApnsAddress {
  /** Bundle id of the app; the application's id where none is configured for its version. */
  readonly topic: string;
  readonly environment: ApnsEnvironment;
  /** Number on the app's icon: the push transactions that wait for this enrolment. Null where the app shows none. */
  readonly badge: number | null;
}

/** A push that may be due, with everything its sender needs. */
export interface DuePush {
  readonly enrolmentId: string;
  readonly applicationId: string;
  readonly pushToken: string;
  /** Null where the application has none for this platform. */
  readonly pushConfigurationId: string | null;
  readonly userId: string;
  readonly message: string;
  readonly createdAtMs: number;
  readonly deadlineMs: number;
  readonly apns: ApnsAddress;
  /** Set when this step was handed over before: it is not sent again. */
  readonly sentAs: string | null;
  /** False when the transaction has ended: whoever asked for the push has given up. */
  readonly isPending: boolean;
}

export interface PushLog {
  /** Undefined when the enrolment or its push token is gone. */
  findDue(transactionId: string, step: number): Promise<DuePush | undefined>;
  /** Records the hand-over of one step, with its event and the refusals before it. A second call changes nothing. */
  recordSent(
    transactionId: string,
    step: number,
    providerMessageId: string,
    refusals: readonly PushRefusal[],
  ): Promise<void>;
  /** Records that the provider refused, with its event; the last refusal is the one that stands. */
  recordFailed(transactionId: string, step: number, refusals: readonly PushRefusal[]): Promise<void>;
}

/** A push token that its provider does not know any more. */
export interface GonePushToken {
  readonly enrolmentId: string;
  readonly applicationId: string;
  /** The push that found it out. */
  readonly transactionId: string;
  readonly pushToken: string;
  /** Epoch ms; the provider may have said since when. */
  readonly goneSinceMs?: number;
  readonly providerCode?: string;
}

export interface PushEnrolments {
  /** Erases the token, with an event, where it is still this one and was not set after it was gone. */
  end(gone: GonePushToken): Promise<void>;
}

/** A push configuration that its provider does not take. */
export interface PushAlarm {
  readonly pushConfigurationId: string | null;
  readonly failure: PushFailure;
  readonly providerCode?: string;
}

export interface PushAlarms {
  /** Tells operators, once a minute at most for each configuration. */
  raise(alarm: PushAlarm): Promise<void>;
}

export interface PushMessage {
  readonly pushToken: string;
  readonly transactionId: string;
  readonly userId: string;
  readonly message: string;
  readonly sentAtMs: number;
  /** What is left of the transaction, at least 1. */
  readonly timeToLiveSeconds: number;
  /** End of the transaction. */
  readonly expiresAtMs: number;
  /** 0 for the push of the begin, each resend the next: a push that is sent again has both its ids again. */
  readonly step: number;
  readonly apns: ApnsAddress;
}

export type PushReceipt = { readonly ok: true; readonly providerMessageId: string } | PushRefusal;

export interface PushRefusal {
  readonly ok: false;
  readonly failure: PushFailure;
  /** Which answer it was: a row of the provider's table (docs/push-providers.md), never foreign text. */
  readonly providerCode?: string;
  /** Sooner than this the provider does not want to be asked again. */
  readonly retryAfterMs?: number;
  /** With `token_gone`: since when, epoch ms; a token registered later is another one. */
  readonly goneSinceMs?: number;
}

/** How one attempt to hand a push over is made. */
export interface PushAttempt {
  /** How long it may take with everything it needs, ms. */
  readonly withinMs: number;
  /** The last connection broke, or led to a server that is ailing: an idle one may be no better. */
  readonly onFreshConnection: boolean;
}

/** Hands a push to a provider once, within the time it is given. Refusals are values; it throws only for bugs. */
export interface PushSender {
  send(pushConfigurationId: string | null, push: PushMessage, attempt: PushAttempt): Promise<PushReceipt>;
}

/** The services that pushes go through. */
export type PushProvider = 'fcm_http_v1' | 'fcm_legacy' | 'apns';

/** How to reach one push provider, opened. */
export interface PushConfiguration {
  readonly id: string;
  readonly provider: PushProvider;
  /** Changes whenever the settings do. */
  readonly version: number;
  /** JSON of the provider's own shape. */
  readonly settings: string;
}

export interface PushConfigurationStore {
  find(id: string): Promise<PushConfiguration | undefined>;
}

/** A provider token of APNs as it stands, and the time. Both times are of the one clock that all workers share, epoch ms. */
export interface StandingProviderToken {
  readonly token: string;
  readonly issuedAtMs: number;
  readonly nowMs: number;
}

/** One provider token for each signer, shared by all workers: APNs throttles a team that changes it often. */
export interface ProviderTokenStore {
  /** The token of this signer; `token` is null when there is none yet. */
  find(signer: string): Promise<StandingProviderToken | { readonly token: null; readonly nowMs: number }>;
  /**
   * Writes a token unless the standing one was issued less than `notSoonerMs` before it. Returns the one that stands then:
   * of many workers at once one writes, and all use what it wrote.
   */
  issue(signer: string, token: string, issuedAtMs: number, notSoonerMs: number): Promise<StandingProviderToken>;
}

export interface EnrolmentKeys {
  /** The server made an OpenPGP pair for this enrolment alone. */
  readonly hasOwnServerKey: boolean;
  /** Armored OpenPGP public key of the phone. */
  readonly pgpPublicKey: string;
  /** JWK, P-256. */
  readonly signingKey: Readonly<Record<string, string>>;
  /** Ed25519, base64url; null where no PIN is set. */
  readonly pinPublicKey: string | null;
  /** JWK, P-256; null where none is registered, or the application does not allow it. */
  readonly biometricKey: Readonly<Record<string, string>> | null;
  readonly active: boolean;
}

export interface EnrolmentStore {
  findKeys(enrolmentId: string): Promise<EnrolmentKeys | undefined>;
}

/** Opens what phones seal for the server. */
export interface AnswerOpener {
  /** The JSON inside, when it was encrypted to the server and signed by `pgpPublicKey`; undefined otherwise. */
  open(
    armoredMessage: string,
    pgpPublicKey: string,
    enrolment: { readonly enrolmentId: string; readonly hasOwnServerKey: boolean },
  ): Promise<unknown>;
}

/** One attempt of a user to prove something; the answer that carries it names it. */
export interface AnswerAttempt {
  readonly answerSha256: string;
  readonly transactionId: string;
  readonly enrolmentId: string;
}

/** Counts attempts before anybody hears how they were judged. The same answer again is counted once. */
export interface AttemptStore {
  /**
   * Charges a wrong PIN; a right one makes up for the wrong ones before it. How many are left then; `none_left` when there
   * was none to take this one: it is not right, whatever it shows.
   */
  chargePin(attempt: AnswerAttempt, isRight: boolean): Promise<number | 'none_left'>;
  /** How many are left should this one be wrong; `none_left` when there was none to charge. */
  chargeNumber(attempt: AnswerAttempt): Promise<number | 'none_left'>;
  /** Takes a biometric key away after a wrong proof, with its event. */
  revokeBiometricKey(enrolmentId: string): Promise<void>;
  /** Ends the enrolment after the last wrong PIN, with its event. */
  revokeForPins(enrolmentId: string): Promise<void>;
}

/** Verifies what an approval shows; false for anything malformed. */
export interface AnswerProofs {
  isPinProof(
    pinPublicKey: string,
    challenge: { readonly transactionId: string; readonly enrolmentId: string; readonly nonce: string },
    signature: string,
  ): boolean;
  isBiometricProof(
    biometricKey: Readonly<Record<string, string>>,
    challenge: { readonly transactionId: string; readonly enrolmentId: string; readonly nonce: string },
    signature: string,
  ): boolean;
  isSignatureOver(signingKey: Readonly<Record<string, string>>, data: string, signature: string): boolean;
  /** PEM of a public key. */
  pemOf(signingKey: Readonly<Record<string, string>>): string;
}

/** What is to be judged by an application's own authenticator. */
export interface CustomProof {
  readonly transactionId: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly deviceId: string;
  /** As the app gave it. */
  readonly payload?: string;
}

/** An application's own way to authenticate. Without one, or when it does not answer in time, it says no. */
export interface CustomAuthenticators {
  verify(proof: CustomProof): Promise<{ readonly isAccepted: boolean; readonly custom?: CustomInfo }>;
}

/** Derives the number that the portal shows. */
export interface TransactionNumbers {
  numberFor(transactionId: string, digits: number): string;
}

/** Derives the nonce of a challenge; the API puts it into the challenge, the worker expects it in the approval. */
export interface ChallengeNonces {
  nonceFor(transactionId: string, enrolmentId: string): string;
}

export type CallbackAttempt =
  | { readonly ok: true; readonly httpStatus: number }
  | { readonly ok: false; readonly failure: string; readonly httpStatus?: number };

/** How a configured callback address wants to be called. */
export interface CallbackCredentials {
  /** HTTP Basic (RFC 7617). */
  readonly basic?: { readonly username: string; readonly password: string };
  /** `whsec_…` of Standard Webhooks, the newest first; each of them signs. */
  readonly webhookSecrets: readonly string[];
}

/** Posts the callback to the portal once, within its own deadline; refusals are values. */
export interface CallbackSender {
  /** True while this address has lately failed or hung, so that a first, quick attempt would only hold others up. */
  isAilingAt(callbackUri: string): boolean;
  send(
    callback: { readonly callbackUri: string; readonly transactionId: string },
    timeoutMs: number,
  ): Promise<CallbackAttempt>;
}

/** One attempt as it is logged. */
export type CallbackRecord = CallbackAttempt & {
  readonly transactionId: string;
  /** What failed or worked: origin and path. */
  readonly address: string;
  readonly durationMs: number;
  /** 0: the callback itself. From 1 on: the redelivery of this number. */
  readonly delivery: number;
  /** Within the delivery; 0 is the quick attempt made with the outcome. */
  readonly number: number;
};

/** How an address stands after a failure, all transactions together. */
export interface FailingAddress {
  readonly consecutive: number;
  readonly sinceMs: number;
  readonly isQuarantined: boolean;
  /** The database's clock, epoch ms. */
  readonly nowMs: number;
}

export interface CallbackLog {
  /**
   * Where a delivery stands: the number of its last attempt, 0 if there was none after the quick one. Delivered is a
   * redelivery that succeeded itself, and the callback itself when anything did.
   */
  standingOf(
    transactionId: string,
    delivery: number,
  ): Promise<{ readonly isDelivered: boolean; readonly lastNumber: number }>;
  /** Writes down that a redelivery begins, once, with its event. False when its number is another request's or too high. */
  openRedelivery(transactionId: string, number: number, requestId: string): Promise<boolean>;
  /**
   * Writes one attempt, with its event, and what it says of the address: a success ends failures and quarantine (with an
   * event), a failure is counted and the count returned.
   */
  record(attempt: CallbackRecord): Promise<FailingAddress | undefined>;
}

/** Addresses that are tried at distances of their own, for all workers alike. */
export interface CallbackQuarantine {
  /** For hot paths: may be a second old. */
  isQuarantined(address: string): Promise<boolean>;
  /** Undefined when the address is not in quarantine. `waitMs` is at most 0 when a trial is due. */
  find(address: string): Promise<{ readonly trials: number; readonly waitMs: number } | undefined>;
  /** Takes the trial that is due after `trials` others, and puts the next one off; false when somebody else took it. */
  claimTrial(address: string, trials: number, nextAfterMs: number): Promise<boolean>;
  /** Puts an address that fails into quarantine, once, with an event of the transaction at which it was noticed. */
  begin(address: string, transactionId: string, firstTrialAfterMs: number): Promise<void>;
}

/** An SMS that may be due, with everything its gateway needs. */
export interface DueSms {
  /** E.164. */
  readonly phoneNumber: string;
  /** As the portal or the type says it, without the code. */
  readonly message: string;
  readonly deadlineMs: number;
  /** The type's sender, or else the general one; null where neither is set. */
  readonly senderId: string | null;
  /** Sender where there is no other, or the gateway refuses it; null: the gateway is to choose. */
  readonly defaultSender: string | null;
  /** Host that the code is bound to, for pages that read it out of the message by themselves. */
  readonly originHost: string | null;
  /** What became of this step before; it is not sent again. */
  readonly earlier: { readonly ok: true } | { readonly ok: false; readonly failure: SmsFailure } | null;
}

/** What a gateway's refusal means, whoever it is. */
export type SmsGatewayFailure =
  /** The number can not be reached, or its owner does not want to be. */
  | 'number_refused'
  /** This sender may not send to this number; another one may. */
  | 'sender_refused'
  | 'message_refused'
  | 'misconfigured'
  | 'throttled'
  | 'gateway_unavailable';

/** Why nothing was sent: a gateway's refusal, or our own. */
export type SmsFailure =
  | SmsGatewayFailure
  /** The transaction is unknown or has no phone number. */
  | 'no_number'
  /** It has ended: whoever asked for the SMS has given up. */
  | 'transaction_over'
  | 'sms_disabled'
  | 'country_not_allowed'
  | 'budget_exceeded'
  /** Two runs were lost in the middle of sending; what became of the message is not known. */
  | 'outcome_unknown';

/** Which budget is used up. */
export type SmsBudget = 'number' | 'client' | 'day';

export type SmsCharge =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly failure: 'transaction_over' | 'sms_disabled' | 'country_not_allowed' | 'outcome_unknown';
    }
  | {
      readonly ok: false;
      readonly failure: 'budget_exceeded';
      readonly budget: SmsBudget;
      /** When the budget begins anew. */
      readonly retryAfterSeconds: number;
    }
  /** Another run of this step is at it; this one is to come back later. */
  | { readonly ok: false; readonly failure: 'under_way' };

export interface SmsLog {
  /** Undefined when the transaction is unknown or has no phone number. */
  findDue(transactionId: string, step: number): Promise<DueSms | undefined>;
  /**
   * Charges the budgets for one step, once; all of them or none. A step that another run began less than `leaseMs` ago is
   * under way; one that was lost is given out once more, without a charge.
   */
  charge(transactionId: string, step: number, leaseMs: number): Promise<SmsCharge>;
  /** Records the hand-over of one step, with its event. A second call changes nothing. */
  recordSent(
    transactionId: string,
    step: number,
    sent: { readonly gateway: string; readonly providerMessageId: string },
  ): Promise<void>;
  /** Records that one step was not sent, with its event. */
  recordFailed(
    transactionId: string,
    step: number,
    refused: { readonly failure: SmsFailure; readonly gateway?: string; readonly providerCode?: string },
  ): Promise<void>;
}

export interface SmsMessage {
  /** E.164. */
  readonly to: string;
  /** Null: the gateway chooses. */
  readonly from: string | null;
  /** Rendered, code included. */
  readonly text: string;
  readonly code: string;
  /** What is left of the transaction, at least 1: a later message is of no use. */
  readonly validitySeconds: number;
  readonly transactionId: string;
  readonly step: number;
}

export type SmsReceipt =
  | { readonly ok: true; readonly providerMessageId: string }
  | {
      readonly ok: false;
      readonly failure: SmsGatewayFailure;
      /** The gateway's own word for it. */
      readonly providerCode?: string;
    };

/** Hands messages to one gateway. Refusals are values; it throws only for bugs. */
export interface SmsGateway {
  readonly name: string;
  /** Answers within `timeoutMs`; a message that was not answered for by then may have been sent all the same. */
  send(message: SmsMessage, timeoutMs: number): Promise<SmsReceipt>;
}

export interface SmsGateways {
  /** In the order in which they are to be asked; two at most. */
  inOrder(): Promise<readonly SmsGateway[]>;
}

/** How to reach one gateway, opened. */
export interface SmsGatewayConfiguration {
  readonly id: string;
  readonly name: string;
  readonly kind: 'twilio' | 'rest' | 'console';
  /** Changes whenever the settings do. */
  readonly version: number;
  /** JSON of the gateway's own shape. */
  readonly settings: string;
}

export interface SmsGatewayStore {
  /** In the order of their ranks. */
  list(): Promise<readonly SmsGatewayConfiguration[]>;
}

/** Derives the code that goes out by SMS. */
export interface SmsCodes {
  codeFor(transactionId: string): string;
  /** True when the MAC is of this transaction's code. */
  isRight(transactionId: string, codeMac: string): boolean;
}

/** A code that a portal brings back; the request that carries it names it. */
export interface SmsCodeAttempt {
  readonly attemptId: string;
  readonly transactionId: string;
  readonly limit: number;
}

/** Charges tried codes before they are judged. The same attempt again is charged once. */
export interface SmsAttemptStore {
  /** How many are left should this one be wrong; `none_left` when there was none to charge. */
  charge(attempt: SmsCodeAttempt): Promise<number | 'none_left'>;
  /** Notes that an approval rests on this attempt; false where it rests on another one. */
  recordRight(attempt: Pick<SmsCodeAttempt, 'attemptId' | 'transactionId'>): Promise<boolean>;
  /** Writes the events of a wrong code, once. */
  recordWrong(attemptId: string, isLast: boolean): Promise<void>;
}

/**
 * What is kept for a time only. `messages`: the texts of transactions that are over. `transactions`: whole ones, tickets
 * and attempts to change a PIN, and besides, for two days, how often users were asked.
 */
export type Keepsake = 'messages' | 'transactions' | 'events';

export interface RetentionStore {
  /**
   * Forgets the oldest of what is older than so many hours, at most `limit` of each kind; says how much of the kind that
   * had most, so that less than `limit` means that nothing is left.
   */
  forget(what: Keepsake, olderThanHours: number, limit: number): Promise<number>;
}

/** A transaction that should have come further. */
export interface UnfinishedTransaction {
  readonly transactionId: string;
  readonly callbackUri: string | null;
  readonly deadlineMs: number;
  /** Redeliveries of its callback that were asked for. */
  readonly redeliveries: number;
}

/** One whose portal had not been told a while after the outcome. */
export interface OwedCallback extends UnfinishedTransaction {
  /** Since the last redelivery; null where there was none. */
  readonly sinceRedeliveryMs: number | null;
  /** Told meanwhile, or settled longer ago than callbacks are tried: nothing is to be done. */
  readonly isOver: boolean;
}

/** After which row a list goes on: lists are in the order of deadline and id. */
export type UnfinishedPlace = Pick<UnfinishedTransaction, 'transactionId' | 'deadlineMs'>;

export interface UnfinishedTransactions {
  /** Pending two minutes and more after their deadline. */
  listOverdue(after: UnfinishedPlace | undefined, limit: number): Promise<readonly UnfinishedTransaction[]>;
  /**
   * Looks at some of what was settled since it was last looked, two minutes ago and more, and notes whose portals are not
   * told. False when there is more to look at. Everything settled is looked at once or twice, by whichever run.
   */
  noteOwed(): Promise<{ readonly isDone: boolean }>;
  /** What was noted and is to be looked at by now; those that are over are shown once, and are noted no more. */
  listOwed(after: UnfinishedPlace | undefined, limit: number): Promise<readonly OwedCallback[]>;
  /** The same, with what is to be looked at later. */
  listAllOwed(after: UnfinishedPlace | undefined, limit: number): Promise<readonly OwedCallback[]>;
  /** Its workflow runs: the older it is, the later it is to be looked at again, an hour and a half at most. */
  lookLater(transactionId: string): Promise<void>;
  /** Its portal is not to be called any more. */
  writeOff(transactionId: string): Promise<void>;
}

/** `gone`: failed, terminated, timed out, or unknown to Temporal. */
export type WorkflowStanding = 'running' | 'completed' | 'gone';

export interface WorkflowsAtWork {
  standingOf(workflowId: string): Promise<WorkflowStanding>;
  /** Has a portal called back by a workflow of its own; nothing where one of the same transaction runs. */
  redeliver(input: RedeliverCallbackInput): Promise<void>;
}

/** What one run of the reconciliation did. */
export interface Reconciled {
  /** Ended as expired, as no workflow will end them. */
  readonly expired: number;
  /** Portals that are called back by a new workflow, as the one that was to do it is gone. */
  readonly calledBack: number;
}

/** Tells operators. */
export interface ReconciliationReport {
  tell(reconciled: Reconciled): void;
  tellFailure(transactionId: string, error: unknown): void;
}
