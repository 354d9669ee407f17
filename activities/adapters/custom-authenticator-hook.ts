import { Agent, request } from 'undici';
import type { CustomProof } from '../ports.ts';
import { type CustomVerdict, REFUSED, readVerdict, VERIFIER_TIMEOUT_MS } from './custom-verdict.ts';
import { readJson } from './read-json.ts';

const CONNECTIONS_PER_ORIGIN = 8;

/** Asks verifiers by HTTP. */
export interface CustomAuthenticatorHook {
  ask(verifier: { readonly url: string; readonly secret: string }, proof: CustomProof): Promise<CustomVerdict>;
  close(): Promise<void>;
}

/**
 * Asks an application's verifier by HTTP: POST of JSON, `Authorization: Bearer`, and a reply
 * `{"accepted": boolean, "status"?: number, "data"?: string}`. Anything else, or nothing within three seconds, is a no.
 */
export function createCustomAuthenticatorHook(): CustomAuthenticatorHook {
  const agent = new Agent({ connections: CONNECTIONS_PER_ORIGIN, connect: { timeout: VERIFIER_TIMEOUT_MS } });
  return {
    async ask({ url, secret }, proof) {
      try {
        const response = await request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
          body: JSON.stringify(proof),
          signal: AbortSignal.timeout(VERIFIER_TIMEOUT_MS),
          dispatcher: agent,
        });
        const reply = await readJson(response.body);
        return response.statusCode === 200 ? readVerdict(reply) : REFUSED;
      } catch {
        // Unreachable or too slow: whatever it was, the user is asked for the PIN instead.
        return REFUSED;
      }
    },
    close: () => agent.destroy(),
  };
}
