import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { createKnex } from '../db/knex.ts';
import { createPortalApi } from '../dev/cli/portal-api.ts';
import { DEMO } from '../dev/demo-data.ts';
import { createTemporalClient } from '../runtime/temporal.ts';
import { createBareClient } from './bare/create-bare-client.ts';
import { type Processes, startProcesses } from './start-processes.ts';
import { type Servers, type Setting, startServers } from './start-servers.ts';
import { startCallbackReceiver } from './whole/callback-receiver.ts';
import { enrolPhone, type Phone } from './whole/enrol-phone.ts';
import type { WholeFlow } from './whole/flow.ts';
import { createOneSpanLogin } from './whole/onespan-login.ts';
import { createSmsInbox } from './whole/sms-inbox.ts';

/** Of the bench's own statements, of which some make a million rows. */
const QUERY_TIMEOUT_MS = 600_000;
const ENROLLED_AT_ONCE = 4;

/** More messages than anybody pays for. */
const SMS_LIMITS = { sms_per_number_per_hour: 1_000, sms_per_client_per_hour: 1_000_000, sms_per_day: 10_000_000 };

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
  /** Of Countersign, for what no API tells. */
  readonly database: Knex;
  /** The portal's own API client. */
  readonly portalClient: { readonly apiUrl: string; readonly id: string; readonly secret: string };
  /** Process ids by the name under which they are shown. */
  readonly pids: Readonly<Record<string, number>>;
}

/** Starts servers and processes and enrols the phones. What is started is in `setting.closing`, also when this throws. */
export async function setStage(setting: Setting): Promise<Stage> {
  const { closing } = setting;
  const servers = await startServers(setting);
  const processes = await startProcesses(setting, servers);

  const bareClient = await createBareClient(processes.config);
  closing.defer(() => bareClient.connection.close());
  const client = createTemporalClient(processes.config);
  closing.defer(() => client.connection.close());
  const { serverVersion } = await bareClient.workflowService.getSystemInfo({});
  const database = createKnex({
    connectionString: servers.databaseUrl,
    poolSize: 2,
    queryTimeoutMs: QUERY_TIMEOUT_MS,
  });
  closing.defer(() => database.destroy());
  await database('general_settings').update(SMS_LIMITS);

  const callbacks = await startCallbackReceiver();
  closing.defer(() => callbacks.close());
  const { apiUrl, clientSecret, smsUrl, pids } = processes;
  const credentials = { id: DEMO.clientId, secret: clientSecret };
  const flow: WholeFlow = {
    portal: createPortalApi(apiUrl, credentials),
    callbacks,
    oneSpan: createOneSpanLogin(apiUrl, credentials),
    ...(smsUrl !== undefined && { sms: createSmsInbox(smsUrl) }),
  };
  return {
    servers,
    temporalVersion: serverVersion ?? 'unknown',
    bare: { client: bareClient, taskQueue: processes.bareTaskQueue },
    whole: { ...flow, phones: await enrolPhones(setting, processes, flow), client },
    database,
    portalClient: { apiUrl, ...credentials },
    pids: { ...(pids as Record<string, number>), ...servers.pids },
  };
}

async function enrolPhones(
  { equipment, signal }: Setting,
  { apiUrl, fcmUrl }: Processes,
  { portal, oneSpan }: WholeFlow,
): Promise<readonly Phone[]> {
  const withProofs = equipment.forAllMethods === true;
  const phones: Phone[] = [];
  let begun = 0;
  async function enrolNext(): Promise<void> {
    while (begun < equipment.phones) {
      signal.throwIfAborted();
      begun += 1;
      const phone = await enrolPhone({ apiUrl, portal, fcmUrl, number: begun, withProofs });
      if (withProofs) await oneSpan.setPassword(phone.userId);
      phones.push(phone);
    }
  }
  await Promise.all(Array.from({ length: ENROLLED_AT_ONCE }, enrolNext));
  return phones;
}
