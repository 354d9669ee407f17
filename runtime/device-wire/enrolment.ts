export type Platform = 'android' | 'ios';

/** Public half of a P-256 signing key. */
export interface DeviceSigningKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** What the portal's API client gets when it makes a ticket, and hands to its user. */
export interface EnrolmentTicket {
  /** Names the ticket; harmless on its own. */
  readonly reference: string;
  /** Proves that the ticket is held; shown once, valid once. */
  readonly secret: string;
  readonly userId: string;
  readonly applicationId: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** `POST /device/v1/enrolments`: binds a phone to the user that the ticket names. */
export interface EnrolRequest {
  /** Made by the portal for its user. One of the two: a ticket, or an access token with the application. */
  readonly ticket?: { readonly reference: string; readonly secret: string };
  /** Of the operator's identity provider, a JWT; the user is its `sub`. */
  readonly accessToken?: string;
  readonly applicationId?: string;
  readonly device: {
    /** 64 hexadecimal digits; made once per installation of the app. */
    readonly id: string;
    readonly name: string;
    readonly platform: Platform;
    readonly model?: string;
    readonly osVersion?: string;
  };
  /** The app that enrols; see {@link APP_VERSION_HEADER}. */
  readonly app?: { readonly version: string };
  /** Armored OpenPGP public key, v4, made on the phone. */
  readonly pgpPublicKey: string;
  readonly signingKey: DeviceSigningKey;
  /** Absent: keys only; {@link PushTokenRequest} brings it later. */
  readonly pushToken?: string;
}

export interface EnrolReply {
  readonly enrolmentId: string;
  readonly userId: string;
  readonly applicationId: string;
  /** Armored OpenPGP public key of the server: encrypt answers to it, accept challenges signed by it alone. */
  readonly serverPgpPublicKey: string;
}

/** An enrolment ticket as one text, as the OneSpan surface hands it out. */
export function activationPasswordOf({ reference, secret }: Pick<EnrolmentTicket, 'reference' | 'secret'>): string {
  return `${reference}.${secret}`;
}

/** The enrolment ticket that an activation password holds; undefined for any other text. */
export function readActivationPassword(text: string): Pick<EnrolmentTicket, 'reference' | 'secret'> | undefined {
  const [, reference, secret] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(text.trim()) ?? [];
  return reference === undefined || secret === undefined ? undefined : { reference, secret };
}
