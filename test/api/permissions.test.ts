import { may } from '../../api/permissions.ts';
import type { AdministrationAction } from '../../api/ports.ts';

const ACTIONS: readonly AdministrationAction[] = [
  'read_configuration',
  'write_configuration',
  'read_clients',
  'write_clients',
  'read_keys',
  'rotate_keys',
  'cancel_transactions',
  'read_users',
  'manage_devices',
];

const allowedWith = (...scopes: string[]): string[] => ACTIONS.filter((action) => may(scopes, action));

it.each([
  ['onegini_api_admin', ACTIONS],
  ['onegini_api_config', ['read_configuration', 'write_configuration']],
  ['countersign_operator', ['read_configuration', 'read_clients', 'read_keys', 'cancel_transactions', 'read_users']],
  ['countersign_helpdesk', ['read_users', 'manage_devices']],
  ['onegini_api_mobile_authentication', []],
  ['onegini_api_user_registration', []],
  // Names that every object has are no scopes.
  ['constructor', []],
  ['__proto__', []],
])('%s may %j', (scope, allowed) => {
  expect(allowedWith(scope)).toEqual(allowed);
});

it('several scopes allow what any of them does, and none allows nothing', () => {
  expect(allowedWith('countersign_helpdesk', 'onegini_api_config')).toEqual([
    'read_configuration',
    'write_configuration',
    'read_users',
    'manage_devices',
  ]);
  expect(allowedWith()).toEqual([]);
});
