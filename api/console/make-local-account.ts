import { hashSync } from '@node-rs/argon2';
import type { AdministrationScope } from '../../runtime/client-scopes.ts';

/** Argon2id as OWASP's Password Storage Cheat Sheet sets it as the least: 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What `CONSOLE_LOCAL_ACCOUNT` is set to for an operator with this password; another text each time. */
export function makeLocalAccount(name: string, scope: AdministrationScope, password: string): string {
  return `${name}:${scope}:${hashSync(password, OPTIONS)}`;
}
