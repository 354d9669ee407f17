import type { AdministrationScope } from '../runtime/client-scopes.ts';
import type { AdministrationAction } from './ports.ts';

/** Whoever may write clients or keys can become anybody, so administrators alone may. */
const OF_ADMINISTRATORS: readonly AdministrationAction[] = ['write_clients', 'rotate_keys', 'write_configuration'];

/** What operators may: see everything, and do for transactions what does not change anything else. */
const OF_OPERATORS: readonly AdministrationAction[] = [
  'read_configuration',
  'read_clients',
  'read_keys',
  'read_users',
  'read_transactions',
  'read_events',
  'read_health',
  'cancel_transactions',
  'resend_transactions',
  'redeliver_callbacks',
];

/** Scopes that open the administration: two of the vendor's names, two of ours (docs/administration.md, Roles). */
const ALLOWED: Readonly<Record<AdministrationScope, readonly AdministrationAction[]>> = {
  onegini_api_admin: [...OF_ADMINISTRATORS, ...OF_OPERATORS, 'manage_devices'],
  onegini_api_config: ['read_configuration', 'write_configuration'],
  countersign_operator: OF_OPERATORS,
  countersign_helpdesk: ['read_users', 'manage_devices', 'read_transactions_of_user', 'read_events_of_user'],
};

/** True when one of these scopes allows the action. */
export function may(scopes: readonly string[], action: AdministrationAction): boolean {
  return actionsOf(scopes).includes(action);
}

/** Everything that these scopes allow together. */
export function actionsOf(scopes: readonly string[]): readonly AdministrationAction[] {
  const allowed = scopes.flatMap((scope) =>
    Object.hasOwn(ALLOWED, scope) ? ALLOWED[scope as AdministrationScope] : [],
  );
  return [...new Set(allowed)];
}
