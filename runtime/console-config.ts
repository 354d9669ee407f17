import { z } from 'zod';
import { ADMINISTRATION_SCOPES, type AdministrationScope } from './client-scopes.ts';
import { isHttpsOrLoopback } from './https-or-loopback.ts';

/** One operator whom the configuration itself knows. */
export interface LocalAccount {
  readonly name: string;
  readonly scope: AdministrationScope;
  /** Argon2id, in the PHC string format. */
  readonly passwordHash: string;
}

const ACCOUNT =
  /^([^\s:]{1,64}):([a-z_]+):(\$argon2id\$v=19\$m=\d{4,7},t=\d{1,2},p=\d{1,2}\$[\w+/]{11,86}\$[\w+/]{22,86})$/;

const localAccount = z.string().transform((text, context): LocalAccount => {
  const [, name = '', scope = '', passwordHash = ''] = ACCOUNT.exec(text) ?? [];
  const known = ADMINISTRATION_SCOPES.find((each) => each === scope);
  if (known) return { name, scope: known, passwordHash };
  const message = `must be name:scope:hash with a scope of ${ADMINISTRATION_SCOPES.join(', ')} and a hash by Argon2id`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** What the operators' console is configured by (docs/console.md). */
export const consoleKeys = {
  /** These three or none: the identity provider that operators log in with. */
  CONSOLE_OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine(isHttpsOrLoopback, 'must be https')
    .optional(),
  CONSOLE_OIDC_CLIENT_ID: z.string().min(1).optional(),
  CONSOLE_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** Claim that holds an operator's roles; dots lead into objects. */
  CONSOLE_OIDC_ROLES_CLAIM: z.string().min(1).max(255).default('roles'),
  CONSOLE_LOCAL_ACCOUNT: localAccount.optional(),
  /** Where operators' browsers reach the Temporal UI. */
  TEMPORAL_UI_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
};
