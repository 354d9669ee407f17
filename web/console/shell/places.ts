import type { Action } from '../session.ts';

/** A part of the console. */
export interface Place {
  readonly path: string;
  readonly label: string;
  /** Any of them opens it. */
  readonly needs: readonly Action[];
}

/** In the order of the navigation; who logs in begins at the first that is open to them. */
export const PLACES: readonly Place[] = [
  { path: '/transactions', label: 'Transactions', needs: ['read_transactions', 'read_transactions_of_user'] },
  { path: '/users', label: 'Users and devices', needs: ['read_users'] },
  { path: '/events', label: 'Events', needs: ['read_events', 'read_events_of_user'] },
  { path: '/health', label: 'Health', needs: ['read_health'] },
  { path: '/configuration', label: 'Configuration', needs: ['read_configuration', 'read_clients', 'read_keys'] },
];

/** The parts that are open to whoever may do this. */
export function placesFor(actions: readonly Action[]): readonly Place[] {
  return PLACES.filter(({ needs }) => needs.some((action) => actions.includes(action)));
}
