import type { AdministrationAction } from './ports.ts';

/** Scopes that open the administration: two of the vendor's names, two of ours (docs/administration.md, Roles). */
export type AdministrationScope =
  | 'onegini_api_admin'
  | 'onegini_api_config'
  | 'countersign_operator'
  | 'countersign_helpdesk';

/** Whoever may write clients or keys can become anybody, so administrators alone may. */
const ALLOWED: Readonly<Record<AdministrationScope, readonly AdministrationAction[]>> = {
  onegini_api_admin: [
    'read_configuration',
    'write_configuration',
    'read_clients',
    'write_clients',
    'read_keys',
    'rotate_keys',
    'cancel_transactions',
    'read_users',
    'manage_devices',
  ],
  onegini_api_config: ['read_configuration', 'write_configuration'],
  countersign_operator: ['read_configuration', 'read_clients', 'read_keys', 'cancel_transactions', 'read_users'],
  countersign_helpdesk: ['read_users', 'manage_devices'],
};

/** True when one of these scopes allows the action. */
export function may(scopes: readonly string[], action: AdministrationAction): boolean {
  return scopes.some(
    (scope) => Object.hasOwn(ALLOWED, scope) && ALLOWED[scope as AdministrationScope].includes(action),
  );
}
