/** Everything an API client may be good for: the vendor's names, and three of ours. */
export const CLIENT_SCOPES = [
  'onegini_api_mobile_authentication',
  'onegini_api_user_registration',
  'onegini_api_end_user',
  'end_user_api',
  'onegini_api_events',
  'onegini_api_config',
  'onegini_api_admin',
  'countersign_operator',
  'countersign_helpdesk',
  'countersign_onespan',
] as const;

export type ClientScope = (typeof CLIENT_SCOPES)[number];

/** Those that open the administration, to API clients and to operators of the console (docs/administration.md, Roles). */
export const ADMINISTRATION_SCOPES = [
  'onegini_api_admin',
  'onegini_api_config',
  'countersign_operator',
  'countersign_helpdesk',
] as const satisfies readonly ClientScope[];

export type AdministrationScope = (typeof ADMINISTRATION_SCOPES)[number];
