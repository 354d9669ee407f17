/**
 * How far the clocks of phone and server may differ wherever OpenPGP compares times.
 * OpenPGP itself tolerates nothing: a signature made a second ahead of the verifier's clock would be refused.
 * Freshness does not rest on it but on request ids, nonces and the proofs' own window.
 */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;
