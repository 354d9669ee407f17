import type { EnrolmentTicket, EnrolRequest, Platform } from '../runtime/device-wire.ts';
import type { DeviceContext } from './device-context.ts';
import { generateDeviceKeys, publicSigningKey } from './device-keys.ts';
import type { DeviceState, StoredEnrolment } from './device-store.ts';
import { localError } from './errors.ts';
import { readObject, readText } from './read-field.ts';
import { sendRequest } from './send-request.ts';

/** What proves the user: one of the two. */
export type UserProof =
  /** From the portal, which made it for its user. */
  | { readonly ticket: Pick<EnrolmentTicket, 'reference' | 'secret'> }
  /** From the operator's identity provider, where the user has logged in on this phone. */
  | { readonly accessToken: string; readonly applicationId: string };

/** What an enrolment takes. */
export type EnrolOptions = EnrolDetails & UserProof;

/** The phone, and how pushes reach it. */
export interface EnrolDetails {
  readonly device: {
    readonly name: string;
    readonly platform: Platform;
    readonly model?: string;
    readonly osVersion?: string;
  };
  /** From the platform's push service; may come later by `enrolForPush`. */
  readonly pushToken?: string;
}

/** An enrolment as apps see it: nothing in it is secret but the push token. */
export interface Enrolment
  extends Omit<StoredEnrolment, 'serverPgpPublicKey' | 'pinKey' | 'pinChanges' | 'biometricKey'> {
  /** 64 hexadecimal digits. */
  readonly deviceId: string;
  readonly hasPin: boolean;
  readonly hasBiometricKey: boolean;
}

/**
 * Binds this phone to a user. The keys are made here, once, and kept before they are sent:
 * enrolling again after a lost reply uses the same ones.
 * Throws 9010 for a ticket or token that proves nobody, 9017 where enrolment is switched off, 9018 and 9016 where user or
 * push token are enrolled already.
 */
export async function enrol(device: DeviceContext, options: EnrolOptions): Promise<Enrolment> {
  const { deviceId, keys } = await device.state.update((state) => readyToEnrol(state, device.transport.now()));
  const request: EnrolRequest = {
    ...proofOf(options),
    device: { id: deviceId, ...options.device },
    ...(device.transport.appVersion !== undefined && { app: { version: device.transport.appVersion } }),
    pgpPublicKey: keys.pgpPublicKey,
    signingKey: publicSigningKey(keys.signingKey),
    ...(options.pushToken !== undefined && { pushToken: options.pushToken }),
  };
  const key = await device.keys.signingKey(keys.signingKey);
  const { body } = await sendRequest(device.transport, {
    method: 'POST',
    path: '/device/v1/enrolments',
    body: request,
    signer: { key, publicKey: request.signingKey },
  });
  const reply = readObject(body, 'reply to the enrolment');
  const enrolment: StoredEnrolment = {
    enrolmentId: readText(reply, 'enrolmentId'),
    userId: readText(reply, 'userId'),
    applicationId: readText(reply, 'applicationId'),
    serverPgpPublicKey: readText(reply, 'serverPgpPublicKey'),
    device: { name: options.device.name, platform: options.device.platform },
    ...(options.pushToken !== undefined && { pushToken: options.pushToken }),
    enrolledAt: new Date(device.transport.now()).toISOString(),
  };
  await requireUsableKey(device, enrolment.serverPgpPublicKey);
  const saved = await device.state.update(() => ({ version: 1, deviceId, keys, enrolment, fetches: [], answers: [] }));
  return describeEnrolment({ ...saved, enrolment });
}

function proofOf(options: UserProof): Pick<EnrolRequest, 'ticket' | 'accessToken' | 'applicationId'> {
  if ('ticket' in options) return { ticket: { reference: options.ticket.reference, secret: options.ticket.secret } };
  return { accessToken: options.accessToken, applicationId: options.applicationId };
}

/** The enrolment as apps see it. */
export function describeEnrolment(state: DeviceState & { readonly enrolment: StoredEnrolment }): Enrolment {
  const { serverPgpPublicKey: _key, pinChanges: _changes, pinKey, biometricKey, ...visible } = state.enrolment;
  const { deviceId } = state;
  return { deviceId, ...visible, hasPin: pinKey !== undefined, hasBiometricKey: biometricKey !== undefined };
}

async function readyToEnrol(state: DeviceState | undefined, nowMs: number): Promise<DeviceState> {
  if (state?.enrolment && !state.enrolment.disenrolledAt) {
    throw localError('already_enrolled_here', 'This phone is enrolled already.');
  }
  if (state && !state.enrolment) return state;
  // Keys of an enrolment that was ended are never used for another one; the device stays the same device.
  const deviceId = state?.deviceId ?? newDeviceId();
  return {
    version: 1,
    deviceId,
    keys: await generateDeviceKeys(deviceId, nowMs),
    fetches: [],
    answers: [],
  };
}

async function requireUsableKey(device: DeviceContext, armored: string): Promise<void> {
  try {
    await device.keys.pgpPublicKey(armored);
  } catch (cause) {
    throw localError('reply_malformed', "The server's OpenPGP key can not be read.", { cause });
  }
}

function newDeviceId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
