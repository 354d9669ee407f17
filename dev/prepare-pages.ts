import { arePagesFresh, buildPages } from './build-pages.ts';
import { pathsIn } from './data-folder.ts';

/** What to build for, and where to say so. */
export interface PreparePagesOptions {
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Builds the pages where they are missing or older than their sources. False where that fails, which is said: everything
 * else runs without them.
 */
export async function preparePages({ dataDir, env, say, signal }: PreparePagesOptions): Promise<boolean> {
  if (arePagesFresh()) return true;
  const startedAtMs = performance.now();
  say('Building the pages, which takes some seconds, once');
  try {
    await buildPages({ logFile: pathsIn(dataDir).log('pages'), env, signal });
    say(`The pages are built after ${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s`);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    say(`The pages could not be built (${(error as Error).message}); everything else runs without them`);
    return false;
  }
}
