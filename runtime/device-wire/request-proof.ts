/** Header that carries the request proof of a phone. */
export const DEVICE_PROOF_HEADER = 'device-proof';

/**
 * Header by which the app may tell its version with each request, such as `2.4.1`; needed where the operator has listed
 * the versions that are served.
 */
export const APP_VERSION_HEADER = 'app-version';

/** `typ` of a request proof; other JWS of the same key are never taken for one. */
export const DEVICE_PROOF_TYPE = 'countersign-proof+jwt';

/** `typ` of the proof by which a new signing key shows that it is held (see {@link KeysRequest}). */
export const NEW_KEY_PROOF_TYPE = 'countersign-new-key-proof+jwt';

/**
 * Claims of a request proof: a compact JWS, ES256, made anew for each request (after RFC 9449, DPoP).
 * The protected header holds `typ`, `alg` and `kid` (the enrolment id), or at enrolment `jwk` in place of `kid`.
 */
export interface DeviceProofClaims {
  /** HTTP method, upper case. */
  readonly htm: string;
  /** Address of the request without query and fragment. */
  readonly htu: string;
  /** When the proof was made, seconds since the epoch. Accepted 60 s around the server's time. */
  readonly iat: number;
  /** Unique id of this proof; a second use is refused. */
  readonly jti: string;
  /** Base64url SHA-256 of the exact bytes of the body (of no bytes when there is none). */
  readonly body_sha256: string;
}
