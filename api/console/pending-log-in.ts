import type { CookieOptions, Request, Response } from 'express';
import { z } from 'zod';
import type { Keyring } from '../../runtime/keyring.ts';
import { seal, unseal } from '../../runtime/sealing.ts';
import { cookieOf } from '../read-cookie.ts';

const LIFETIME_MS = 10 * 60_000;
const PLACE = 'cookies.console_login';

const pendingSchema = z.object({
  /** What the identity provider sends back with the browser. */
  state: z.string(),
  /** What it puts into the token. */
  nonce: z.string(),
  /** The secret half of what the code is bound to (PKCE, RFC 7636). */
  codeVerifier: z.string(),
  /** Where the operator wanted to go; a path of the console. */
  to: z.string(),
  expiresAtMs: z.number(),
});

/** A log-in that an identity provider has not answered yet. */
export type PendingLogIn = Omit<z.infer<typeof pendingSchema>, 'expiresAtMs'>;

/** Keeps a log-in under way in the browser that began it, sealed: no other one can end it. */
export interface PendingLogInCookie {
  set(response: Response, pending: PendingLogIn): void;
  /** Undefined where there is none, or none of ours, or it is older than ten minutes. */
  read(request: Request): PendingLogIn | undefined;
  clear(response: Response): void;
}

/** `SameSite=Lax`, as the browser comes back from another site. */
export function createPendingLogInCookie(keyring: Keyring, publicUrl: string, nowMs = Date.now): PendingLogInCookie {
  const secure = publicUrl.startsWith('https:');
  const name = secure ? '__Host-countersign_console_login' : 'countersign_console_login';
  const options: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/', secure };
  return {
    set(response, pending) {
      const text = JSON.stringify({ ...pending, expiresAtMs: nowMs() + LIFETIME_MS });
      const value = encodeURIComponent(seal(keyring, PLACE, '', text));
      response.cookie(name, value, { ...options, maxAge: LIFETIME_MS, encode: String });
    },
    read(request) {
      const opened = open(cookieOf(request, name));
      if (!opened || opened.expiresAtMs <= nowMs()) return undefined;
      const { expiresAtMs: _expiresAtMs, ...pending } = opened;
      return pending;
    },
    clear: (response) => void response.clearCookie(name, options),
  };

  function open(value: string | undefined): z.infer<typeof pendingSchema> | undefined {
    if (value === undefined) return undefined;
    try {
      return pendingSchema.parse(JSON.parse(unseal(keyring, PLACE, '', decodeURIComponent(value))));
    } catch {
      // Whatever does not open is not ours, and is as good as none.
      return undefined;
    }
  }
}
