import { Agent, request } from 'undici';
import { z } from 'zod';
import type { CustomAuthenticators } from '../ports.ts';
import { readJson } from './read-json.ts';

/** Settings (JSON) of an application's verifier; undefined where there is none. */
export type FindVerifier = (applicationId: string) => Promise<string | undefined>;

const settingsSchema = z.object({ url: z.url({ protocol: /^https?$/ }), secret: z.string().min(1) });

const replySchema = z.object({
  accepted: z.boolean(),
  status: z.number().int().optional(),
  data: z.string().max(4_096).optional(),
});

/** The user holds the phone meanwhile. */
const TIMEOUT_MS = 3_000;
const CONNECTIONS_PER_ORIGIN = 8;

/**
 * Asks an application's verifier by HTTP: POST of JSON, `Authorization: Bearer`, and a reply
 * `{"accepted": boolean, "status"?: number, "data"?: string}`. Anything else, or nothing within three seconds, is a no.
 */
export function createCustomAuthenticatorHook(
  findVerifier: FindVerifier,
): CustomAuthenticators & { close(): Promise<void> } {
  const agent = new Agent({ connections: CONNECTIONS_PER_ORIGIN, connect: { timeout: TIMEOUT_MS } });
  return {
    async verify(proof) {
      const settings = settingsSchema.safeParse(parse(await findVerifier(proof.applicationId)));
      if (!settings.success) return { isAccepted: false };
      try {
        const response = await request(settings.data.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${settings.data.secret}` },
          body: JSON.stringify(proof),
          signal: AbortSignal.timeout(TIMEOUT_MS),
          dispatcher: agent,
        });
        const reply = replySchema.safeParse(await readJson(response.body));
        if (response.statusCode !== 200 || !reply.success) return { isAccepted: false };
        const { accepted, status, data } = reply.data;
        if (status === undefined) return { isAccepted: accepted };
        return { isAccepted: accepted, custom: { status, ...(data !== undefined && { data }) } };
      } catch {
        // Unreachable or too slow: whatever it was, the user is asked for the PIN instead.
        return { isAccepted: false };
      }
    },
    close: () => agent.destroy(),
  };
}

function parse(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    // Settings that are no JSON are none.
    return undefined;
  }
}
