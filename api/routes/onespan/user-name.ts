import { z } from 'zod';

/** A user as the vendor's clients name them in a body: with the domain apart, within, or left out. */
export const userNameFields = { userID: z.string().min(1).max(255), domain: z.string().min(1).max(64).optional() };

export function userNameOf({
  userID,
  domain,
}: {
  readonly userID: string;
  readonly domain?: string | undefined;
}): string {
  return domain === undefined ? userID : `${userID}@${domain}`;
}
