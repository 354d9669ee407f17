import type { OptionValues } from '../command-line.ts';
import { requireDemo } from '../demo-configuration.ts';
import type { Output } from '../output.ts';
import { createPortalApi, type PortalApi } from '../portal-api.ts';
import { textOption } from '../read-option.ts';

/** What the commands of the demonstration's portal work with. */
export interface PortalContext {
  readonly output: Output;
  /** Made when first asked for: a wrong option is told before a missing server. */
  readonly api: PortalApi;
}

/** The portal of what `npm start` runs. */
export function openPortal(values: OptionValues, output: Output, env: NodeJS.ProcessEnv): PortalContext {
  const server = textOption(values, 'server');
  let api: PortalApi | undefined;
  return {
    output,
    get api() {
      const demo = requireDemo(env);
      api ??= createPortalApi(server ?? demo.api, demo.client);
      return api;
    },
  };
}
