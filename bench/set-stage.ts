import type { Client } from '@temporalio/client';
import { createPortalApi } from '../dev/cli/portal-api.ts';
import { DEMO } from '../dev/demo-data.ts';
import { createTemporalClient } from '../runtime/temporal.ts';
import { createBareClient } from './bare/create-bare-client.ts';
import { startProcesses } from './start-processes.ts';
import { type Servers, type Setting, startServers } from './start-servers.ts';
import { startCallbackReceiver } from './whole/callback-receiver.ts';
import { enrolPhone, type Phone } from './whole/enrol-phone.ts';
import type { WholeFlow } from './whole/run-whole.ts';

/** Everything that the measurements need, up and ready. */
export interface Stage {
  readonly servers: Servers;
  readonly temporalVersion: string;
  readonly bare: { readonly client: Client; readonly taskQueue: string };
  readonly whole: WholeFlow & {
    /** One for each transaction that runs at once. */
    readonly phones: readonly Phone[];
    /** Reads the histories of Countersign. */
    readonly client: Client;
  };
  /** Process ids by the name under which they are shown. */
  readonly pids: Readonly<Record<string, number>>;
}

/** Starts servers and processes and enrols the phones. What is started is in `setting.closing`, also when this throws. */
export async function setStage(setting: Setting): Promise<Stage> {
  const { options, closing, signal } = setting;
  const servers = await startServers(setting);
  const processes = await startProcesses(setting, servers);

  const bareClient = await createBareClient(processes.config);
  closing.defer(() => bareClient.connection.close());
  const client = createTemporalClient(processes.config);
  closing.defer(() => client.connection.close());
  const { serverVersion } = await bareClient.workflowService.getSystemInfo({});

  const callbacks = await startCallbackReceiver();
  closing.defer(() => callbacks.close());
  const { apiUrl, fcmUrl, clientSecret } = processes;
  const portal = createPortalApi(apiUrl, { id: DEMO.clientId, secret: clientSecret });
  const phones: Phone[] = [];
  for (let number = 1; number <= Math.max(...options.concurrencies); number++) {
    signal.throwIfAborted();
    phones.push(await enrolPhone({ apiUrl, portal, fcmUrl, userId: `user-${number}` }));
  }
  return {
    servers,
    temporalVersion: serverVersion ?? 'unknown',
    bare: { client: bareClient, taskQueue: processes.bareTaskQueue },
    whole: { portal, callbacks, phones, client },
    pids: { ...processes.pids, ...servers.pids },
  };
}
