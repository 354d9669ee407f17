import { join } from 'node:path';
import { localError } from '../../../sdk/errors.ts';
import { createFileStore } from '../../../sdk/file-store.ts';
import { createDeviceClient, type DeviceClient, type Enrolment } from '../../../sdk/index.ts';
import { type DemoFile, dataFolderOf } from '../../data-folder.ts';
import type { OptionValues } from '../command-line.ts';
import { requireDemo } from '../demo-configuration.ts';
import { UsageError } from '../failures.ts';
import type { Output } from '../output.ts';
import { textOption } from '../read-option.ts';

/** What the commands of the virtual phone work with. Made when first asked for: a wrong option is told before a missing server. */
export interface PhoneContext {
  readonly output: Output;
  readonly client: DeviceClient;
  readonly storePath: string;
  readonly serverUrl: string;
  /** Throws when nothing was started here. */
  readonly demo: DemoFile;
}

/** Opens the phone that the options name. */
export function openPhone(values: OptionValues, output: Output, env: NodeJS.ProcessEnv): PhoneContext {
  const storePath = textOption(values, 'store') ?? join(dataFolderOf(env), 'phone.json');
  const server = textOption(values, 'server');
  let client: DeviceClient | undefined;
  return {
    output,
    storePath,
    get demo() {
      return requireDemo(env);
    },
    get serverUrl() {
      return server ?? requireDemo(env).api;
    },
    get client() {
      client ??= openClient(this.serverUrl, storePath);
      return client;
    },
  };
}

/** The enrolment of this phone; throws `not_enrolled`. */
export async function requireEnrolment({ client, storePath }: PhoneContext): Promise<Enrolment> {
  const enrolment = await client.enrolment();
  if (enrolment) return enrolment;
  throw localError(
    'not_enrolled',
    `${storePath} holds no enrolled phone: \`npm run phone -- enrol --user NAME\` first.`,
  );
}

function openClient(serverUrl: string, storePath: string): DeviceClient {
  try {
    return createDeviceClient({ serverUrl, store: createFileStore(storePath) });
  } catch (cause) {
    if (cause instanceof TypeError) throw new UsageError(`--server is not an address: ${cause.message}`, { cause });
    throw cause;
  }
}
