import type { ConsoleSessionStore } from '../ports.ts';
import type { LocalLogIn } from './local-log-in.ts';
import type { OidcLogIn } from './oidc-log-in.ts';
import type { PendingLogInCookie } from './pending-log-in.ts';
import type { SessionCookie } from './session-cookie.ts';

/** What the console's own routes work with. */
export interface OperatorConsole {
  readonly sessions: ConsoleSessionStore;
  readonly cookie: SessionCookie;
  /** Of log-ins that an identity provider has not answered yet. */
  readonly pendingLogIn: PendingLogInCookie;
  /** Undefined where no identity provider is configured. */
  readonly oidc: OidcLogIn | undefined;
  /** Undefined where no account is configured. */
  readonly local: LocalLogIn | undefined;
  /** Of the namespace; undefined where operators reach no Temporal UI. */
  readonly temporalUiUrl: string | undefined;
}
