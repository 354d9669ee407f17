/** What is done in administration. */
export type AdministrationAction = 'read_users' | 'manage_devices';

/** Scopes that open the administration. */
export type AdministrationScope = 'onegini_api_admin' | 'countersign_helpdesk';

const ALLOWED: Readonly<Record<AdministrationScope, readonly AdministrationAction[]>> = {
  onegini_api_admin: ['read_users', 'manage_devices'],
  countersign_helpdesk: ['read_users', 'manage_devices'],
};

/** True when one of these scopes allows the action. */
export function may(scopes: readonly string[], action: AdministrationAction): boolean {
  return scopes.some(
    (scope) => Object.hasOwn(ALLOWED, scope) && ALLOWED[scope as AdministrationScope].includes(action),
  );
}
