import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CustomProof } from '../ports.ts';
import { type CustomVerdict, REFUSED, readVerdict, VERIFIER_TIMEOUT_MS } from './custom-verdict.ts';

/** What the module of an operator exports: a verifier that runs in the worker. */
export interface VerifierModule {
  /** `signal` is aborted when the time is up, three seconds; whatever is returned later counts no more. */
  verify(proof: CustomProof, options: { readonly signal: AbortSignal }): unknown;
}

/** Asks the verifier of a module. */
export type AskModule = (proof: CustomProof) => Promise<CustomVerdict>;

/**
 * Loads a JavaScript (ES) module and checks that it exports a function `verify`; throws otherwise, so that a worker with a
 * broken one does not start. What `verify` returns is read like the reply of a hook; when it throws, or takes longer than
 * `timeoutMs`, that is a no. `warn` hears that it threw, as that is a fault of the module.
 */
export async function loadCustomAuthenticatorModule(
  path: string,
  warn: (error: unknown) => void,
  timeoutMs = VERIFIER_TIMEOUT_MS,
): Promise<AskModule> {
  const loaded = (await import(pathToFileURL(resolve(path)).href)) as Partial<VerifierModule>;
  if (typeof loaded.verify !== 'function') throw new Error(`${path} exports no function "verify"`);
  const { verify } = loaded as VerifierModule;
  return async (proof) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const timedOut = new Promise<undefined>((done) => {
      signal.addEventListener('abort', () => done(undefined), { once: true });
    });
    const called = async (): Promise<unknown> => verify(proof, { signal });
    const verdict = called().catch((error: unknown) => {
      if (!signal.aborted) warn(error);
      return undefined;
    });
    const reply = await Promise.race([verdict, timedOut]);
    return reply === undefined ? REFUSED : readVerdict(reply);
  };
}
