import { ADMINISTRATION_SCOPES, type AdministrationScope } from '../../runtime/client-scopes.ts';

/** The vendor's words for roles of operators; upper and lower case are alike. */
const VENDOR_ROLES: ReadonlyMap<string, AdministrationScope> = new Map([
  ['admin', 'onegini_api_admin'],
  ['operator', 'countersign_operator'],
  ['helpdesk', 'countersign_helpdesk'],
]);

const MAX_ROLES = 1_000;

type Claims = Readonly<Record<string, unknown>>;

/**
 * The claim of this name, or, where there is none, what a path of names leads to: `realm_access.roles`. Undefined where
 * neither is there.
 */
export function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((value, part) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
    return isObject ? (value as Claims)[part] : undefined;
  }, claims);
}

/** Scopes of administration that a claim grants: a list of roles, or one text with spaces between them. */
export function scopesOfRoles(roles: unknown): readonly AdministrationScope[] {
  const named = typeof roles === 'string' ? roles.split(' ') : Array.isArray(roles) ? roles : [];
  const scopes = named.slice(0, MAX_ROLES).flatMap((role) => scopeOf(role) ?? []);
  return ADMINISTRATION_SCOPES.filter((scope) => scopes.includes(scope));
}

function scopeOf(role: unknown): AdministrationScope | undefined {
  if (typeof role !== 'string') return undefined;
  return ADMINISTRATION_SCOPES.find((scope) => scope === role) ?? VENDOR_ROLES.get(role.toLowerCase());
}
