import type { ProviderTokenStore, StandingProviderToken } from '../ports.ts';

/** Provider tokens of this process alone, for what is one process: workers share theirs through the database. */
export function createLocalProviderTokenStore(): ProviderTokenStore {
  const tokens = new Map<string, Omit<StandingProviderToken, 'nowMs'>>();
  return {
    async find(signer) {
      const standing = tokens.get(signer);
      return standing ? { ...standing, nowMs: Date.now() } : { token: null, nowMs: Date.now() };
    },
    async issue(signer, token, issuedAtMs, notSoonerMs) {
      const standing = tokens.get(signer);
      const stands = standing && standing.issuedAtMs > issuedAtMs - notSoonerMs ? standing : { token, issuedAtMs };
      tokens.set(signer, stands);
      return { ...stands, nowMs: Date.now() };
    },
  };
}
