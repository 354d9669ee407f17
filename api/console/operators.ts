import type { Request } from 'express';
import { AppError } from '../../runtime/errors.ts';
import type { ConsoleSession, ConsoleSessionStore } from '../ports.ts';
import { isPoll, refuseForeign } from './own-request.ts';
import type { SessionCookie } from './session-cookie.ts';

declare global {
  namespace Express {
    interface Locals {
      /** Set where a session of the console was admitted. */
      operator?: ConsoleSession;
    }
  }
}

/** Says which operator of the console makes a request. */
export interface OperatorAuthenticator {
  /**
   * Undefined where the request shows no session, or shows credentials of an API client, which count alone. Throws
   * `origin_refused` where no page of ours makes it, and `session_required` where the session has ended.
   */
  authenticate(request: Request): Promise<ConsoleSession | undefined>;
}

export interface OperatorAuthenticatorDependencies {
  readonly sessions: Pick<ConsoleSessionStore, 'find'>;
  readonly cookie: Pick<SessionCookie, 'read'>;
  /** Those who may let operators in, as things are configured now. */
  readonly authorities: readonly string[];
  readonly publicUrl: string;
}

export function createOperatorAuthenticator({
  sessions,
  cookie,
  authorities,
  publicUrl,
}: OperatorAuthenticatorDependencies): OperatorAuthenticator {
  return {
    async authenticate(request) {
      if (request.get('authorization')) return undefined;
      const idSha256 = cookie.read(request);
      if (!idSha256) return undefined;
      refuseForeign(request, publicUrl);
      const session = await sessions.find(idSha256, authorities, !isPoll(request));
      if (!session) throw new AppError('session_required');
      return session;
    },
  };
}
