import { readFileSync } from 'node:fs';
import { loadApiConfig, loadWorkerConfig } from '../runtime/config.ts';
import { loopbackUrl } from './loopback-server.ts';
import { StartError } from './start-error.ts';

/** Where the parts of a demonstration are; what api and worker are told in their environment. */
export interface Surroundings {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Text of the keyring. */
  readonly encryptionKeys: string;
  readonly apiPort: number;
  /** What the demo bank works with; without it the demonstration's pages are not served. */
  readonly demoPortal?: {
    readonly client: { readonly id: string; readonly secret: string };
    readonly fcmUrl: string;
    readonly smsUrl: string;
  };
  /** `CONSOLE_LOCAL_ACCOUNT`, unless the caller's environment says who operates. */
  readonly operatorAccount?: string;
  /** Undefined where the Temporal server is not ours. */
  readonly temporalUiUrl?: string | undefined;
}

/** Callbacks of the demonstration go to portals on this machine. */
const LOOPBACK_NETWORKS = '127.0.0.0/8,::1/128';

/** Variables that decide what is started; each may come as a file (`NAME_FILE`), as api and worker take them too. */
const DECIDING = [
  ...['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_TASK_QUEUE', 'ENCRYPTION_KEYS'],
  'CONSOLE_LOCAL_ACCOUNT',
];

/** The environment with the deciding variables read from their files. Throws when such a file can not be read. */
export function readVariableFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read: NodeJS.ProcessEnv = { ...env };
  for (const name of DECIDING) {
    const file = env[`${name}_FILE`];
    if (!env[name] && file) read[name] = readFileSync(file, 'utf8').trim();
  }
  return read;
}

/** The environment of api and worker: the caller's, so that any variable can be set there, and what is known here. */
export function childEnvironment(env: NodeJS.ProcessEnv, surroundings: Surroundings): NodeJS.ProcessEnv {
  return {
    CALLBACK_ALLOWED_NETWORKS: LOOPBACK_NETWORKS,
    LOG_LEVEL: 'info',
    SMS_CONSOLE_ENABLED: 'true',
    ...(surroundings.operatorAccount !== undefined && { CONSOLE_LOCAL_ACCOUNT: surroundings.operatorAccount }),
    ...(surroundings.temporalUiUrl !== undefined && { TEMPORAL_UI_URL: surroundings.temporalUiUrl }),
    ...(env.TEMPORAL_ADDRESS ? env : withoutTemporalCredentials(env)),
    DATABASE_URL: surroundings.databaseUrl,
    TEMPORAL_ADDRESS: surroundings.temporalAddress,
    TEMPORAL_NAMESPACE: surroundings.namespace,
    TEMPORAL_TASK_QUEUE: surroundings.taskQueue,
    ENCRYPTION_KEYS: surroundings.encryptionKeys,
    API_HOST: '127.0.0.1',
    API_PORT: String(surroundings.apiPort),
    PUBLIC_URL: loopbackUrl(surroundings.apiPort),
    ...demoPortalEnvironment(surroundings.demoPortal),
  };
}

function demoPortalEnvironment(demoPortal: Surroundings['demoPortal']): NodeJS.ProcessEnv {
  if (!demoPortal) return {};
  return {
    DEMO_PORTAL: 'true',
    DEMO_PORTAL_CLIENT_ID: demoPortal.client.id,
    DEMO_PORTAL_CLIENT_SECRET: demoPortal.client.secret,
    DEMO_PORTAL_FCM_URL: demoPortal.fcmUrl,
    DEMO_PORTAL_SMS_URL: demoPortal.smsUrl,
  };
}

/** The embedded server knows neither TLS nor keys. */
function withoutTemporalCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^TEMPORAL_(TLS|API_KEY)/.test(name)));
}

/** Throws when api or worker would refuse this environment: better told now than found in their logs. */
export function refuseUnusable(childEnv: NodeJS.ProcessEnv): void {
  try {
    loadApiConfig(childEnv);
    loadWorkerConfig(childEnv);
  } catch (cause) {
    throw new StartError((cause as Error).message, { cause });
  }
}
