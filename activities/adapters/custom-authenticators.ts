import { z } from 'zod';
import type { CustomAuthenticators } from '../ports.ts';
import type { CustomAuthenticatorHook } from './custom-authenticator-hook.ts';
import type { AskModule } from './custom-authenticator-module.ts';
import { REFUSED } from './custom-verdict.ts';

/** Settings (JSON) of an application's verifier; undefined where there is none. */
export type FindVerifier = (applicationId: string) => Promise<string | undefined>;

const settingsSchema = z.union([
  z.object({ url: z.url({ protocol: /^https?$/ }), secret: z.string().min(1) }),
  z.object({ inProcess: z.literal(true) }),
]);

/** Asks the verifier that an application's settings name: one by HTTP, or the worker's own module. Without one it is a no. */
export function createCustomAuthenticators(
  findVerifier: FindVerifier,
  hook: Pick<CustomAuthenticatorHook, 'ask'>,
  askModule: AskModule | undefined,
): CustomAuthenticators {
  return {
    async verify(proof) {
      const settings = settingsSchema.safeParse(parse(await findVerifier(proof.applicationId)));
      if (!settings.success) return REFUSED;
      if ('url' in settings.data) return hook.ask(settings.data, proof);
      return askModule ? askModule(proof) : REFUSED;
    },
  };
}

function parse(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    // Settings that are no JSON are none.
    return undefined;
  }
}
