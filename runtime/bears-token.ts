import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header bears this token (RFC 6750). Takes the same time for every wrong one. */
export function bearsToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digestOf(given), digestOf(token));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
