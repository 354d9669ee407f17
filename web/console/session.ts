import { createContext, useContext } from 'react';

/** What an operator may do (docs/administration.md, Roles). */
export type Action =
  | 'read_configuration'
  | 'write_configuration'
  | 'read_clients'
  | 'write_clients'
  | 'read_keys'
  | 'rotate_keys'
  | 'read_transactions'
  | 'cancel_transactions'
  | 'resend_transactions'
  | 'redeliver_callbacks'
  | 'read_users'
  | 'manage_devices'
  | 'read_transactions_of_user'
  | 'read_events'
  | 'read_events_of_user'
  | 'read_health';

/** Who is logged in. */
export interface Session {
  readonly operator: string;
  readonly actions: readonly Action[];
  /** With the namespace; null where there is none to be linked to. */
  readonly temporalUiUrl: string | null;
  readonly expiresAtMs: number;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The session; there is one wherever this is used. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('nobody is logged in');
  return session;
}

/** Whether the operator may do this. */
export function useMay(action: Action): boolean {
  return useSession().actions.includes(action);
}
