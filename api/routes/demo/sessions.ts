import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import { cookieOf } from '../../read-cookie.ts';

const MAX_SESSIONS = 500;
const MAX_ASKED = 50;
const SESSION_LIFETIME_MS = 60 * 60_000;
const COOKIE = 'demo_session';
const ID_BYTES = 24;

/** What the demo bank has asked of a user. */
export interface Asked {
  readonly purpose: 'login' | 'payment';
  readonly userId: string | null;
  readonly method: string;
  readonly phoneNumber: string | null;
  readonly payment: Payment | null;
  /** The begin's reply, as far as the page shows it again after it was loaded anew. */
  readonly eventsToken: string;
  readonly number: string | null;
  readonly isBySms: boolean;
  readonly expiresAtMs: number;
}

export interface Payment {
  readonly payee: string;
  readonly amountCents: number;
}

/** One visitor of the demo bank; kept in memory, gone with the process. */
export interface DemoSession {
  /** Null until a log-in was approved. */
  userId: string | null;
  readonly asked: LRUCache<string, Asked>;
  /** Transactions whose payment was carried out, once each. */
  readonly paid: Set<string>;
}

export interface DemoSessions {
  /** The visitor's session; a new one, with its cookie, where there is none. */
  open(request: Request, response: Response): DemoSession;
  end(request: Request, response: Response): void;
}

export function createDemoSessions(): DemoSessions {
  const sessions = new LRUCache<string, DemoSession>({ max: MAX_SESSIONS, ttl: SESSION_LIFETIME_MS });
  return {
    open(request, response) {
      const known = sessions.get(cookieOf(request, COOKIE) ?? '');
      if (known) return known;
      const id = randomBytes(ID_BYTES).toString('base64url');
      const session: DemoSession = { userId: null, asked: new LRUCache({ max: MAX_ASKED }), paid: new Set() };
      sessions.set(id, session);
      response.cookie(COOKIE, id, { httpOnly: true, sameSite: 'strict', path: '/demo', secure: request.secure });
      return session;
    },
    end(request, response) {
      sessions.delete(cookieOf(request, COOKIE) ?? '');
      response.clearCookie(COOKIE, { path: '/demo' });
    },
  };
}
