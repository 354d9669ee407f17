import { createHash, randomBytes } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';
import { cookieOf } from '../read-cookie.ts';

const ID_BYTES = 32;
const ID = /^[\w-]{43}$/;

/** The cookie that a console's session is known by. */
export interface SessionCookie {
  /** SHA-256 of the id that a request shows; undefined where it shows none. */
  read(request: Request): Buffer | undefined;
  /** Gives the browser a new id, and tells its SHA-256. */
  set(response: Response): Buffer;
  clear(response: Response): void;
}

/**
 * Scripts can not read the cookie, other sites can not have it sent, and over https no other host can set it: `__Host-`
 * (RFC 6265bis, 4.1.3.2). It goes with the browser; the server alone knows how long it counts.
 */
export function createSessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  const name = secure ? '__Host-countersign_console' : 'countersign_console';
  const options: CookieOptions = { httpOnly: true, sameSite: 'strict', path: '/', secure };
  return {
    read(request) {
      const id = cookieOf(request, name);
      return id !== undefined && ID.test(id) ? digestOf(id) : undefined;
    },
    set(response) {
      const id = randomBytes(ID_BYTES).toString('base64url');
      response.cookie(name, id, options);
      return digestOf(id);
    },
    clear: (response) => void response.clearCookie(name, options),
  };
}

function digestOf(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
