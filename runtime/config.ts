import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { consoleKeys } from './console-config.ts';
import { isHttpsOrLoopback } from './https-or-loopback.ts';
import { type Keyring, parseKeyring } from './keyring.ts';

const keyring = z.string().transform((text, context): Keyring => {
  try {
    return parseKeyring(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** Comma-separated CIDRs; empty allows none. */
const networks = z
  .string()
  .default('')
  .transform((text, context): BlockList => {
    const list = new BlockList();
    for (const cidr of text.split(',').map((part) => part.trim())) {
      if (cidr === '') continue;
      const [address = '', bits = '', ...rest] = cidr.split('/');
      const family = isIP(address);
      const prefix = Number(bits);
      if (
        family === 0 ||
        rest.length > 0 ||
        bits === '' ||
        !(Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 6 ? 128 : 32))
      ) {
        context.addIssue({ code: 'custom', message: 'must be a comma-separated list of CIDRs such as 10.0.0.0/8' });
        return z.NEVER;
      }
      list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
    }
    return list;
  });

/** Comma-separated names of events. */
const eventNames = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((name) => name.trim() || []))
  .refine((names) => names.every((name) => /^[A-Z][A-Z0-9_]*$/.test(name)), 'must be a comma-separated list of events');

const PROXY_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** Hops, or addresses and networks, in the form that express takes for `trust proxy`. */
const trustedProxies = z.string().transform((text, context): number | string[] => {
  const hops = Number(text);
  if (Number.isInteger(hops) && hops >= 1 && hops <= 10) return hops;
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every(isProxy)) return parts;
  context.addIssue({
    code: 'custom',
    message: 'must be a number of hops, 1 to 10, or a list of addresses and networks',
  });
  return z.NEVER;
});

function isProxy(text: string): boolean {
  if (PROXY_RANGES.includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 6 ? 128 : 32))
  );
}

const publicUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

function hasReadableCredentials(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false; // no percent-encoding, which is what is asked
  }
}
/** Comma-separated; empty is none. */
const paths = z
  .string()
  .default('')
  .transform((text): readonly string[] =>
    text
      .split(',')
      .map((path) => path.trim())
      .filter((path) => path !== ''),
  );
const simulatorUrl = publicUrl.refine(isHttpsOrLoopback, 'must be https, or of this machine');

/** Comma-separated, each as browsers write it: scheme, host, and the port where it is not the usual one. */
const origins = z
  .string()
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
  .refine(
    (parts) => parts.length > 0 && parts.every((part) => URL.canParse(part) && new URL(part).origin === part),
    'must be a comma-separated list of origins such as https://temporal.example.com',
  );

const port = z.coerce.number().int().min(0).max(65_535);

const shared = {
  /** PostgreSQL connection string. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(10),
  TEMPORAL_ADDRESS: z.string().regex(/^[^\s/]+:\d+$/, 'must be host:port'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TASK_QUEUE: z.string().min(1).default('countersign'),
  TEMPORAL_TLS: z.stringbool().default(false),
  TEMPORAL_TLS_CA: z.string().optional(),
  TEMPORAL_TLS_CERT: z.string().optional(),
  TEMPORAL_TLS_KEY: z.string().optional(),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  /** `id:base64(32 bytes)`, newest first. */
  ENCRYPTION_KEYS: keyring,
  /** One push with everything that belongs to it; the api's dry runs alike. */
  PUSH_TIMEOUT_MS: z.coerce.number().int().min(100).max(5_000).default(3_000),
  /** Proxy that push providers are reached through, by CONNECT. */
  PUSH_PROXY_URL: z
    .url({ protocol: /^http$/, error: 'must be http://host:port, with user:password@ if need be' })
    .refine(hasReadableCredentials, 'user and password must be percent-encoded')
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Who bears it may read metrics. */
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 visible ASCII characters')
    .optional(),
  /** Events that are not kept; they are still logged where events are. */
  EVENTS_EXCLUDED: eventNames,
  /** Whether every event is a line of the log too. */
  EVENT_LOG: z.stringbool().default(false),
};

const apiSchema = z.object({
  ...shared,
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: port.default(8080),
  /** Origin under which phones and portals reach the API; request proofs must name it. */
  PUBLIC_URL: publicUrl,
  /** The proxies whose word on the caller's address counts. */
  TRUST_PROXY: trustedProxies.optional(),
  /** How long a process that was told to end still takes requests, while load balancers see that it is not ready. */
  API_DRAIN_SECONDS: z.coerce.number().int().min(0).max(60).default(0),
  API_MAX_CONCURRENT_REQUESTS: z.coerce.number().int().min(1).max(10_000).default(256),
  /** Open at once, idle ones too; one more is closed. */
  API_MAX_CONNECTIONS: z.coerce.number().int().min(16).max(100_000).default(2_048),
  /** Pages that listen to the stages of a transaction, in one process. */
  API_MAX_EVENT_STREAMS: z.coerce.number().int().min(1).max(100_000).default(1_000),
  MESSAGE_MAX_LENGTH: z.coerce.number().int().min(1).max(1_000).default(155),
  /** Longest life of a transaction whatever its type says; may only be lowered. */
  OTP_LINK_PREFIX: z
    .string()
    .max(200)
    .regex(/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/)
    .default('countersign://otp/'),
  TRANSACTION_MAX_SECONDS: z.coerce.number().int().min(1).max(600).default(600),
  /** All three or none: whose access tokens prove a user at enrolment. */
  IDENTITY_PROVIDER_ISSUER: z.string().min(1).optional(),
  IDENTITY_PROVIDER_AUDIENCE: z.string().min(1).optional(),
  IDENTITY_PROVIDER_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isHttpsOrLoopback, 'must be https')
    .optional(),
  /** Where the location of a request's origin comes from: nowhere, files (MaxMind DB), or a service. */
  GEOLOCATION_RESOLVER: z.enum(['none', 'mmdb', 'http']).default('none'),
  GEOLOCATION_DATABASES: paths,
  GEOLOCATION_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isHttpsOrLoopback, 'must be https')
    .default('https://www.ipqualityscore.com/api/json/ip/'),
  GEOLOCATION_KEY: z.string().min(1).optional(),
  GEOLOCATION_TIMEOUT_MS: z.coerce.number().int().min(100).max(3_000).default(1_000),
  GEOLOCATION_CACHE_SECONDS: z.coerce.number().int().min(1).max(604_800).default(3_600),
  /** Transactions can be found in Temporal by type, method, client and status; costs an event each. */
  TEMPORAL_SEARCH_ATTRIBUTES: z.stringbool().default(false),
  ...consoleKeys,
  /** The demonstration's pages, and what they need of a server. For development: it makes phones for whoever asks. */
  DEMO_PORTAL: z.stringbool().default(false),
  /** All four with `DEMO_PORTAL`: the API client that its server side is, and the simulators of push and SMS. */
  DEMO_PORTAL_CLIENT_ID: z.string().min(1).optional(),
  DEMO_PORTAL_CLIENT_SECRET: z.string().min(1).optional(),
  DEMO_PORTAL_FCM_URL: simulatorUrl.optional(),
  DEMO_PORTAL_SMS_URL: simulatorUrl.optional(),
});

const workerSchema = z.object({
  ...shared,
  /** Private networks that callbacks may go to, as CIDRs. */
  CALLBACK_ALLOWED_NETWORKS: networks,
  CALLBACK_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(60).default(15),
  /** As the API's: SMS gateways report there what became of a message; without it they report nothing. */
  PUBLIC_URL: publicUrl.optional(),
  /** For all gateways of one SMS together. */
  SMS_TIMEOUT_MS: z.coerce.number().int().min(100).max(5_000).default(4_000),
  /** Gateways of the kind `console` print messages, code and number in clear: for development alone. */
  SMS_CONSOLE_ENABLED: z.stringbool().default(false),
  /** Path of an ES module whose `verify` judges the proofs of custom authenticators in the worker. */
  CUSTOM_AUTHENTICATOR_MODULE: z.string().min(1).optional(),
  /** Both or none: workers of a build take up only what that build is told to, and end what they began. */
  WORKER_DEPLOYMENT_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/)
    .optional(),
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/)
    .optional(),
  /** Health and metrics; no port without it. */
  WORKER_METRICS_PORT: port.optional(),
  WORKER_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  WORKER_MAX_CACHED_WORKFLOWS: z.coerce.number().int().min(10).max(100_000).default(1_000),
  EVENT_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(365),
  /** Callbacks go on for three days after the end. */
  TRANSACTION_RETENTION_DAYS: z.coerce.number().int().min(4).max(36_500).default(365),
  MESSAGE_RETENTION_HOURS: z.coerce.number().int().min(1).max(87_600).default(24),
});

const codecSchema = z.object({
  ENCRYPTION_KEYS: shared.ENCRYPTION_KEYS,
  LOG_LEVEL: shared.LOG_LEVEL,
  CODEC_HOST: z.string().min(1).default('127.0.0.1'),
  CODEC_PORT: port.default(8081),
  /** Who has it sees what transactions hold. */
  CODEC_TOKEN: z.string().regex(/^[\x21-\x7e]{32,256}$/, 'must be 32 to 256 visible ASCII characters'),
  CODEC_ORIGINS: origins,
});

const migrateSchema = z.object({ DATABASE_URL: shared.DATABASE_URL });

const configurationFileSchema = z.object({
  DATABASE_URL: shared.DATABASE_URL,
  ENCRYPTION_KEYS: shared.ENCRYPTION_KEYS,
});

export type ApiConfig = Readonly<z.infer<typeof apiSchema>>;
export type WorkerConfig = Readonly<z.infer<typeof workerSchema>>;
export type CodecConfig = Readonly<z.infer<typeof codecSchema>>;
export type TemporalConfig = Pick<
  WorkerConfig,
  | 'TEMPORAL_ADDRESS'
  | 'TEMPORAL_NAMESPACE'
  | 'TEMPORAL_TLS'
  | 'TEMPORAL_TLS_CA'
  | 'TEMPORAL_TLS_CERT'
  | 'TEMPORAL_TLS_KEY'
  | 'TEMPORAL_API_KEY'
  | 'ENCRYPTION_KEYS'
>;

export const loadApiConfig = (env: NodeJS.ProcessEnv): ApiConfig => {
  const config = load(apiSchema, env);
  const lacking = {
    none: undefined,
    mmdb: config.GEOLOCATION_DATABASES.length === 0 ? 'GEOLOCATION_DATABASES' : undefined,
    http: config.GEOLOCATION_KEY === undefined ? 'GEOLOCATION_KEY' : undefined,
  }[config.GEOLOCATION_RESOLVER];
  if (lacking) throw new Error(`The configuration is invalid:\n  ${lacking}: to be set for this GEOLOCATION_RESOLVER`);
  refuseHalf(config, ['IDENTITY_PROVIDER_ISSUER', 'IDENTITY_PROVIDER_AUDIENCE', 'IDENTITY_PROVIDER_JWKS_URL']);
  refuseHalf(config, ['CONSOLE_OIDC_ISSUER', 'CONSOLE_OIDC_CLIENT_ID', 'CONSOLE_OIDC_CLIENT_SECRET']);
  demoPortalOf(config);
  return config;
};

/** Of keys that belong together all are set, or none. */
function refuseHalf(config: ApiConfig, names: readonly (keyof ApiConfig)[]): void {
  const missing = names.filter((name) => config[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return;
  throw new Error(`The configuration is invalid:\n  ${missing.join(', ')}: to be set with the others of its kind`);
}

/** What the demonstration's portal works with. */
export interface DemoPortalSettings {
  readonly client: { readonly id: string; readonly secret: string };
  /** Addresses of the simulators, without a slash at their ends. */
  readonly fcmUrl: string;
  readonly smsUrl: string;
}

/** Undefined where there is no demonstration. Throws where it is half configured. */
export function demoPortalOf(config: ApiConfig): DemoPortalSettings | undefined {
  if (!config.DEMO_PORTAL) return undefined;
  const { DEMO_PORTAL_CLIENT_ID: id, DEMO_PORTAL_CLIENT_SECRET: secret } = config;
  const { DEMO_PORTAL_FCM_URL: fcmUrl, DEMO_PORTAL_SMS_URL: smsUrl } = config;
  if (id && secret && fcmUrl && smsUrl) return { client: { id, secret }, fcmUrl, smsUrl };
  const parts = ['DEMO_PORTAL_CLIENT_ID', 'DEMO_PORTAL_CLIENT_SECRET', 'DEMO_PORTAL_FCM_URL', 'DEMO_PORTAL_SMS_URL'];
  const missing = parts.filter((name) => config[name as keyof ApiConfig] === undefined);
  throw new Error(`The configuration is invalid:\n  ${missing.join(', ')}: to be set with DEMO_PORTAL`);
}

export const loadWorkerConfig = (env: NodeJS.ProcessEnv): WorkerConfig => {
  const config = load(workerSchema, env);
  if ((config.WORKER_DEPLOYMENT_NAME === undefined) !== (config.WORKER_BUILD_ID === undefined)) {
    throw new Error(
      'The configuration is invalid:\n  WORKER_DEPLOYMENT_NAME, WORKER_BUILD_ID: to be set both or neither',
    );
  }
  const isLoopback = ['127.0.0.1', '::1', 'localhost'].includes(config.WORKER_METRICS_HOST);
  if (isLoopback || config.WORKER_METRICS_PORT === undefined || config.METRICS_TOKEN !== undefined) return config;
  throw new Error(
    'The configuration is invalid:\n  METRICS_TOKEN: to be set where WORKER_METRICS_HOST is not loopback',
  );
};
export const loadMigrateConfig = (env: NodeJS.ProcessEnv): { readonly DATABASE_URL: string } =>
  load(migrateSchema, env);
export const loadConfigurationFileConfig = (
  env: NodeJS.ProcessEnv,
): Pick<WorkerConfig, 'DATABASE_URL' | 'ENCRYPTION_KEYS'> => load(configurationFileSchema, env);

export const loadCodecConfig = (env: NodeJS.ProcessEnv): CodecConfig => load(codecSchema, env);

/** Every key that some process reads; the documents are checked against it. */
export const CONFIGURATION_KEYS: readonly string[] = [
  ...new Set([...Object.keys(apiSchema.shape), ...Object.keys(workerSchema.shape), ...Object.keys(codecSchema.shape)]),
];

/** Reads the environment once, at start. Reports every problem together and never prints a value. */
function load<Schema extends z.ZodObject>(schema: Schema, env: NodeJS.ProcessEnv): Readonly<z.infer<Schema>> {
  const problems: string[] = [];
  const input: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    // Compose files leave variables that are not set there, but empty.
    const value = env[name] || readFromFile(env[`${name}_FILE`], name, problems);
    if (value) input[name] = value;
  }
  const parsed = schema.safeParse(input);
  if (parsed.success && problems.length === 0) return Object.freeze(parsed.data);
  for (const issue of parsed.error?.issues ?? []) problems.push(`${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The configuration is invalid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

/** `NAME_FILE` holds the path of a file with the value, as secrets are mounted. */
function readFromFile(path: string | undefined, name: string, problems: string[]): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}_FILE: the file can not be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}
