import { startPostgres } from '../dev/embedded-postgres.ts';
import { startTemporal } from '../dev/temporal-server.ts';
import type { CommonOptions } from './options.ts';
import { createOwnDatabase } from './own-database.ts';

/** What everything else runs on. */
export interface Servers {
  readonly databaseUrl: string;
  readonly postgresVersion: string;
  readonly temporalAddress: string;
  /** For people: where the two come from. */
  readonly postgresKind: 'embedded' | 'given';
  readonly temporalKind: 'embedded' | 'given';
  /** Those of the embedded ones. */
  readonly pids: { readonly Temporal?: number; readonly PostgreSQL?: number };
}

/** What a mode needs on its stage. */
export interface Equipment {
  /** How many phones are enrolled. */
  readonly phones: number;
  /** Phones with PIN and biometric key, users with a static password, an SMS gateway: what methods other than push need. */
  readonly forAllMethods?: boolean;
  /** Whether bare workflows run beside. */
  readonly withBareWorker?: boolean;
}

/** Where a run happens, and how long. */
export interface Place {
  /** Folder for everything that is written. */
  readonly dataDir: string;
  /** Whatever is started goes here, to be stopped in reverse order. */
  readonly closing: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

export interface Setting extends Place {
  readonly options: CommonOptions;
  readonly equipment: Equipment;
}

/** PostgreSQL and Temporal: the ones given on the command line, embedded ones otherwise. */
export async function startServers({ options, dataDir, closing, signal }: Setting): Promise<Servers> {
  const postgres = options.databaseUrl === undefined ? await startPostgres({ dataDir, signal }) : undefined;
  if (postgres) closing.defer(() => postgres.stop());
  const database = await createOwnDatabase(postgres?.connectionString ?? (options.databaseUrl as string));
  closing.defer(() => database.drop());

  const temporal =
    options.temporalAddress === undefined ? await startTemporal({ dataDir, headless: true, signal }) : undefined;
  if (temporal) closing.defer(() => temporal.stop());
  return {
    databaseUrl: database.url,
    postgresVersion: database.serverVersion,
    temporalAddress: temporal?.address ?? (options.temporalAddress as string),
    postgresKind: postgres ? 'embedded' : 'given',
    temporalKind: temporal ? 'embedded' : 'given',
    pids: { ...(temporal && { Temporal: temporal.pid }), ...(postgres && { PostgreSQL: postgres.pid }) },
  };
}
