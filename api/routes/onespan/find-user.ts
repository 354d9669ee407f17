import { identifier } from '../../identifier.ts';
import type { OneSpanDomain, OneSpanDomainStore } from '../../ports.ts';

/** A user of a domain, by the id that enrolments and transactions know. */
export interface OneSpanUser {
  readonly domain: OneSpanDomain;
  readonly userId: string;
  /** Without the domain. */
  readonly name: string;
}

/**
 * Reads `user` or `user@domain`. Users of the default domain go by their bare name everywhere else, those of others by
 * their whole one, so that two domains never share a user. Undefined for a domain that is unknown, or closed to this client; administrators,
 * whose client is undefined, reach all of them.
 */
export async function findUser(
  domains: OneSpanDomainStore,
  clientId: string | undefined,
  text: string,
): Promise<OneSpanUser | undefined> {
  if (!identifier.safeParse(text).success) return undefined;
  const separator = text.lastIndexOf('@');
  const named = separator < 0 ? undefined : await domains.find(text.slice(separator + 1));
  if (separator >= 0 && !named) return undefined;
  const name = separator < 0 ? text : text.slice(0, separator);
  const domain = named ?? (await domains.findDefault());
  if (!domain || name === '') return undefined;
  const isOpen = clientId === undefined || domain.clientIds.length === 0 || domain.clientIds.includes(clientId);
  if (!isOpen) return undefined;
  if (!domain.isDefault) return { domain, name, userId: `${name}@${domain.name}` };
  // `a@b@default` must not be the user a of the domain b.
  const inner = name.slice(name.lastIndexOf('@') + 1);
  if (inner !== name && (await domains.find(inner))) return undefined;
  return { domain, name, userId: name };
}

/** The user's name and domain, of the id that enrolments know. */
export async function nameUser(
  domains: OneSpanDomainStore,
  userId: string,
): Promise<{ readonly userID: string; readonly domain: string | undefined }> {
  const separator = userId.lastIndexOf('@');
  const named = separator < 0 ? undefined : await domains.find(userId.slice(separator + 1));
  if (named && !named.isDefault) return { userID: userId.slice(0, separator), domain: named.name };
  return { userID: userId, domain: (await domains.findDefault())?.name };
}
