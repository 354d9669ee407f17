/** What the API needs of the database; `db/` implements it. */
import type { DeviceSigningKey, Platform } from '../runtime/device-wire.ts';
import type { AuthenticationMethod, FinalState } from '../workflows/domain/transaction.ts';

export interface ApiClient {
  readonly id: string;
  readonly secretSha256: Buffer;
  readonly scopes: readonly string[];
}

export interface ApiClientStore {
  find(clientId: string): Promise<ApiClient | undefined>;
}

export interface AuthenticationType {
  readonly name: string;
  readonly method: AuthenticationMethod;
  readonly timeToLiveSeconds: number;
  readonly maxResends: number;
  /** Language code to message. */
  readonly defaultMessages: Readonly<Record<string, string>>;
  readonly version: number;
}

export interface AuthenticationTypeStore {
  find(name: string): Promise<AuthenticationType | undefined>;
  list(): Promise<readonly AuthenticationType[]>;
}

/** An enrolment that a push can reach. */
export interface EnrolledDevice {
  readonly enrolmentId: string;
  readonly applicationId: string;
  readonly applicationName: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly platform: Platform;
}

export interface NewTicket {
  readonly userId: string;
  readonly applicationId: string;
  readonly clientId: string;
  readonly lifetimeSeconds: number;
  readonly secretSha256: Buffer;
}

export interface TicketStore {
  /** Undefined when the application does not exist. */
  create(ticket: NewTicket): Promise<{ readonly reference: string; readonly expiresAt: Date } | undefined>;
}

export interface NewEnrolment {
  readonly ticketReference: string;
  readonly ticketSecretSha256: Buffer;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly platform: Platform;
  readonly model: string | undefined;
  readonly osVersion: string | undefined;
  readonly pgpPublicKey: string;
  readonly signingKey: DeviceSigningKey;
  readonly pushToken: string;
}

export type EnrolResult =
  | { readonly ok: true; readonly enrolmentId: string; readonly userId: string; readonly applicationId: string }
  | { readonly ok: false; readonly code: 'ticket_invalid' | 'user_already_enrolled' | 'device_already_enrolled' };

/** The enrolment that made a request, as it stands at that moment. */
export interface DeviceCaller {
  readonly enrolmentId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly applicationId: string;
  readonly pgpPublicKey: string;
  /** The database's clock, epoch ms. */
  readonly nowMs: number;
}

export interface ApiEnrolmentStore {
  /** Uses the ticket up and binds the phone, all or nothing. */
  enrol(enrolment: NewEnrolment): Promise<EnrolResult>;
  /** Devices of this user that a push can reach. */
  listPushable(userId: string): Promise<readonly EnrolledDevice[]>;
  findSigningKey(enrolmentId: string): Promise<DeviceSigningKey | undefined>;
  /** Uses a proof up. `replayed` when it was used before, undefined when the enrolment is not active. */
  admitProof(
    enrolmentId: string,
    proofId: string,
    lifetimeSeconds: number,
  ): Promise<DeviceCaller | 'replayed' | undefined>;
  /** Forgets proofs that are stale anyway. */
  pruneProofs(): Promise<void>;
}

/** A transaction as its portal may see it. */
export interface TransactionRecord {
  readonly transactionId: string;
  readonly userId: string;
  readonly callbackUri: string;
  readonly createdAtMs: number;
  readonly timeToLiveMs: number;
  readonly policyVersion: number;
  readonly method: AuthenticationMethod;
  readonly requestSha256: string;
  /** The first push was taken by its provider. */
  readonly isHandedOver: boolean;
  readonly deviceName: string | null;
  readonly platform: Platform | null;
  /** Null while pending. */
  readonly outcome: FinalState | null;
}

/** A transaction as the phone that is asked may see it, sealed texts opened. */
export interface DeviceTransaction {
  readonly transactionId: string;
  readonly typeName: string;
  readonly method: AuthenticationMethod;
  readonly message: string;
  readonly secureMessage: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly outcome: FinalState | null;
  /** The answer that the outcome rests on. */
  readonly answerSha256: string | null;
}

export interface ApiTransactionStore {
  /** Undefined when unknown or another client's. */
  findForClient(transactionId: string, clientId: string): Promise<TransactionRecord | undefined>;
  /** Undefined when unknown or asked of another enrolment. */
  findForEnrolment(transactionId: string, enrolmentId: string): Promise<DeviceTransaction | undefined>;
  /** Newest first, at most 50: no user has more pending at once that a phone could show. */
  listPending(enrolmentId: string): Promise<readonly DeviceTransaction[]>;
  /** Claims the one fetch for this request id; true also when this id has it already. */
  claimFetch(transactionId: string, enrolmentId: string, requestId: string): Promise<boolean>;
}
