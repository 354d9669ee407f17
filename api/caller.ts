import { isIP } from 'node:net';
import type { Request } from 'express';
import type { Caller } from './ports.ts';

const MAX_USER_AGENT_LENGTH = 256;

/**
 * Who calls, as events keep it: the address, behind proxies as far as `TRUST_PROXY` trusts them, and the user agent, cut
 * short and without control characters.
 */
export function callerOf(request: Request): Caller {
  const ip = (request.ip ?? '').replace(/^::ffff:(?=\d+\.)/, '');
  const userAgent = (request.get('user-agent') ?? '').replace(/\p{Cc}/gu, '').slice(0, MAX_USER_AGENT_LENGTH);
  // A proxy may put anything into its header.
  return { ip: isIP(ip) === 0 ? null : ip, userAgent: userAgent === '' ? null : userAgent };
}
