import { Agent, request } from 'undici';
import { z } from 'zod';
import { orAborted } from '../../runtime/or-aborted.ts';
import { type Geolocator, type Located, locationOf } from './geolocator.ts';

export interface GeolocationServiceOptions {
  /** Address up to where key and IP address follow. */
  readonly url: string;
  /** Secret. */
  readonly key: string;
  /** For one answer. */
  readonly timeoutMs: number;
}

const CONNECTIONS = 8;
const MAX_REPLY_BYTES = 65_536;

const replySchema = z.object({
  success: z.boolean(),
  country_code: z.unknown().optional(),
  region: z.unknown().optional(),
  city: z.unknown().optional(),
});

/**
 * Asks IPQualityScore (ipqualityscore.com, proxy detection API): `GET url/key/address`, JSON with `success`,
 * `country_code`, `region` and `city`.
 */
export function createServiceGeolocator({ url, key, timeoutMs }: GeolocationServiceOptions): Geolocator {
  const agent = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: timeoutMs },
    maxResponseSize: MAX_REPLY_BYTES,
  });

  async function ask(ipAddress: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
    const address = `${url.replace(/\/+$/, '')}/${encodeURIComponent(key)}/${encodeURIComponent(ipAddress)}`;
    const { statusCode, body } = await request(address, {
      headers: { accept: 'application/json' },
      signal,
      dispatcher: agent,
    });
    return { status: statusCode, text: await body.text() };
  }

  return {
    async locate(ipAddress): Promise<Located> {
      const signal = AbortSignal.timeout(timeoutMs);
      const reply = await orAborted(ask(ipAddress, signal), signal).catch(() => undefined);
      // Not said why: an error of the call may quote the address, and in it the key.
      if (reply?.status !== 200) return { ok: false, failure: 'call_failed' };
      const parsed = replySchema.safeParse(parseJson(reply.text));
      if (!parsed.success) return { ok: false, failure: 'response_invalid' };
      const { success, country_code: countryCode, region, city } = parsed.data;
      // A wrong key and a used-up quota come this way.
      if (!success) return { ok: false, failure: 'call_failed' };
      const location = locationOf({ countryCode, region, city });
      return location ? { ok: true, location, source: 'service' } : { ok: false, failure: 'response_invalid' };
    },
    close: () => agent.destroy(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is not the reply.
    return undefined;
  }
}
