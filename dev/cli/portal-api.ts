import type { EnrolmentTicket, Platform } from '../../runtime/device-wire.ts';
import { type HttpCall, httpBytes, httpCall } from './http-call.ts';

/** Begin waits for the hand-over to the push provider; nothing takes longer. */
const TIMEOUT_MS = 30_000;

export interface BeginRequest {
  /** Absent where a code asks. */
  readonly userId?: string;
  readonly type: string;
  readonly deviceId?: string;
  /** Absent with SMS. */
  readonly callbackUri?: string;
  /** With SMS. */
  readonly phoneNumber?: string;
  readonly message?: string;
  readonly secureMessage?: string;
  readonly signingData?: string;
  /** Where the request comes from that the user is asked about. */
  readonly ipAddress?: string;
  readonly userAgent?: string;
  readonly idempotencyKey?: string;
}

export interface BeginReply {
  readonly transaction_id: string;
  readonly auth_method: string;
  /** Milliseconds. */
  readonly time_to_live: number;
  readonly device?: { readonly name: string; readonly platform: Platform };
  /** For the user to type on the phone. */
  readonly number?: string;
  /** For a phone to read. */
  readonly otp?: string;
}

export interface TransactionResult {
  /** Absent where the portal is not called back. */
  readonly callback_uri?: string;
  readonly transaction_id: string;
  /** Epoch ms. */
  readonly timestamp: number;
  /** Absent while no phone has read the code. */
  readonly user_id?: string;
  readonly is_authenticated: boolean;
  readonly authentication_method: string;
  readonly status: string;
  readonly policy_version: number;
  readonly not_authenticated_reason?: { readonly reason: string; readonly description: string };
}

/** One attempt to call the portal back. */
export interface LoggedCallback {
  /** Epoch ms. */
  readonly timestamp: number;
  /** Milliseconds. */
  readonly duration: number;
  /** 0: the callback itself; else the number of the redelivery. */
  readonly delivery: number;
  readonly number: number;
  readonly http_status?: number;
  readonly failure?: string;
}

export interface CallbackLog {
  readonly callback_uri: string;
  readonly transaction_id: string;
  readonly delivered: boolean;
  readonly attempts: readonly LoggedCallback[];
}

export interface AvailableType {
  readonly type: string;
  readonly method: string;
  readonly apps_enrolled_for_push?: readonly {
    readonly app_id: string;
    readonly device_id: string;
    readonly device_name: string;
    readonly platform: Platform;
  }[];
}

/** The API as a portal uses it. Every call throws what {@link httpCall} throws. */
export interface PortalApi {
  makeTicket(userId: string, applicationId: string): Promise<EnrolmentTicket>;
  /** The ways in which this user can be asked; empty for an unknown user. */
  listAvailable(userId: string): Promise<readonly AvailableType[]>;
  begin(request: BeginRequest): Promise<BeginReply>;
  /** The picture of a code. */
  drawOtp(transactionId: string, format: 'svg' | 'png'): Promise<Uint8Array>;
  result(transactionId: string): Promise<TransactionResult>;
  /** Compact JWS; of a transaction that has ended. */
  receipt(transactionId: string): Promise<string>;
  /** The key set that verifies receipts. */
  keySet(): Promise<object>;
  /** Sends the push again, which is meant where nothing is said, or the SMS. */
  resend(userId: string, transactionId: string, by?: 'push' | 'sms'): Promise<void>;
  /** Throws where the code is wrong. */
  verifySms(userId: string, transactionId: string, code: string): Promise<void>;
  cancel(transactionId: string): Promise<void>;
  callbacks(transactionId: string): Promise<CallbackLog>;
  /** The number of the redelivery that is under way now. */
  redeliver(transactionId: string): Promise<{ readonly delivery: number }>;
}

/** `serverUrl` without a slash at its end. */
export function createPortalApi(
  serverUrl: string,
  client: { readonly id: string; readonly secret: string },
): PortalApi {
  const identity = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`;
  const authorization = `Basic ${Buffer.from(identity).toString('base64')}`;
  const call = (path: string, { headers, ...rest }: Omit<HttpCall, 'timeoutMs'>): Promise<unknown> =>
    httpCall(serverUrl + path, { ...rest, headers: { authorization, ...headers }, timeoutMs: TIMEOUT_MS });
  const callMobile = (path: string, init: Omit<HttpCall, 'timeoutMs'>): Promise<unknown> =>
    call(`/oauth/api/v4/authenticate${path}`, init);

  return {
    async makeTicket(userId, applicationId) {
      const body = JSON.stringify({ userId, applicationId });
      const headers = { 'content-type': 'application/json' };
      return (await call('/admin/v1/enrolment-tickets', { method: 'POST', headers, body })) as EnrolmentTicket;
    },
    async listAvailable(userId) {
      const reply = await callMobile(`/user/${encodeURIComponent(userId)}/enabled`, { method: 'GET' });
      return (reply as { enabled: AvailableType[] }).enabled;
    },
    async begin({ idempotencyKey, ...request }) {
      const body = form({
        type: request.type,
        user_id: request.userId,
        device_id: request.deviceId,
        callback_uri: request.callbackUri,
        phone_number: request.phoneNumber,
        message: request.message,
        secure_message: request.secureMessage,
        signing_data: request.signingData,
        ip_address: request.ipAddress,
        user_agent: request.userAgent,
      });
      const headers = { ...FORM, ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) };
      return (await callMobile('/user', { method: 'POST', headers, body })) as BeginReply;
    },
    async result(transactionId) {
      const path = `/transaction/${encodeURIComponent(transactionId)}`;
      return (await callMobile(path, { method: 'GET' })) as TransactionResult;
    },
    drawOtp: (transactionId, format) =>
      httpBytes(
        `${serverUrl}/oauth/api/v4/authenticate/transaction/${encodeURIComponent(transactionId)}/otp.${format}`,
        {
          method: 'GET',
          headers: { authorization },
          timeoutMs: TIMEOUT_MS,
        },
      ),
    async receipt(transactionId) {
      const reply = await callMobile(`/transaction/${encodeURIComponent(transactionId)}/receipt`, { method: 'GET' });
      return (reply as { receipt: string }).receipt;
    },
    async keySet() {
      const url = `${serverUrl}/.well-known/jwks.json`;
      return (await httpCall(url, { method: 'GET', timeoutMs: TIMEOUT_MS })) as object;
    },
    async resend(userId, transactionId, by = 'push') {
      const path = `/user/${encodeURIComponent(userId)}/${by}/resend`;
      await callMobile(path, { method: 'POST', headers: FORM, body: form({ transaction_id: transactionId }) });
    },
    async verifySms(userId, transactionId, code) {
      const path = `/user/${encodeURIComponent(userId)}/sms`;
      const body = form({ transaction_id: transactionId, sms_code: code });
      await callMobile(path, { method: 'POST', headers: FORM, body });
    },
    async cancel(transactionId) {
      await callMobile(`/transaction/${encodeURIComponent(transactionId)}`, { method: 'DELETE' });
    },
    async callbacks(transactionId) {
      const path = `/transaction/${encodeURIComponent(transactionId)}/callbacks`;
      return (await callMobile(path, { method: 'GET' })) as CallbackLog;
    },
    async redeliver(transactionId) {
      const path = `/transaction/${encodeURIComponent(transactionId)}/callbacks/redeliver`;
      return (await callMobile(path, { method: 'POST' })) as { delivery: number };
    },
  };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };

function form(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return new URLSearchParams(given).toString();
}
