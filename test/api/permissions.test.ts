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
  'resend_transactions',
  'redeliver_callbacks',
  'read_transactions',
  'read_transactions_of_user',
  'read_events',
  'read_events_of_user',
  'read_health',
  'read_users',
  'manage_devices',
];
const OF_ONE_USER: readonly AdministrationAction[] = ['read_transactions_of_user', 'read_events_of_user'];
const OF_ADMINISTRATORS = ACTIONS.filter((action) => !OF_ONE_USER.includes(action));
const NOT_OF_OPERATORS: readonly string[] = ['write_configuration', 'write_clients', 'rotate_keys', 'manage_devices'];

const allowedWith = (...scopes: string[]): string[] => ACTIONS.filter((action) => may(scopes, action));

it.each([
  ['onegini_api_admin', OF_ADMINISTRATORS],
  ['onegini_api_config', ['read_configuration', 'write_configuration']],
  ['countersign_operator', OF_ADMINISTRATORS.filter((action) => !NOT_OF_OPERATORS.includes(action))],
  ['countersign_helpdesk', [...OF_ONE_USER, 'read_users', 'manage_devices']],
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
    ...OF_ONE_USER,
    'read_users',
    'manage_devices',
  ]);
  expect(allowedWith()).toEqual([]);
});
