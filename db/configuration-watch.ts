import pg from 'pg';

const CHANNEL = 'countersign_configuration';
const CONNECT_TIMEOUT_MS = 1_500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that is dead without knowing is noticed this late; until then changes are noticed by reading anew. */
const PROBE_EVERY_MS = 5_000;
const PROBE_TIMEOUT_MS = 2_000;

export interface ConfigurationWatchOptions {
  readonly connectionString: string;
  readonly warn?: (error: unknown) => void;
}

/** Hears of every change of configuration, whichever process makes it, and has what was remembered of it forgotten. */
export interface ConfigurationWatch {
  /** Calls `forget` at each change of one of the tables, and whenever changes may have been missed. */
  onChange(tables: readonly string[], forget: () => void): void;
  /** A change that this process made itself: it need not wait to hear of it. */
  changed(table: string): void;
  /** Resolves when the watch listens, now or again. */
  listening(): Promise<void>;
  /** Id of the server's process that serves the connection; undefined while there is none. */
  backendId(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Listens for the notifications of the tables' triggers on one connection of its own, which is opened anew, at growing
 * distances up to five seconds, whenever it is lost. It only speeds things up: whoever remembers configuration reads it
 * anew after a second in any case.
 */
export function watchConfiguration({
  connectionString,
  warn = () => {},
}: ConfigurationWatchOptions): ConfigurationWatch {
  const forgetters: { readonly tables: ReadonlySet<string>; forget(): void }[] = [];
  let client: pg.Client | undefined;
  let backend: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let isStopped = false;
  let listening = Promise.withResolvers<void>();

  function changed(table: string): void {
    for (const { tables, forget } of forgetters) if (tables.has(table)) forget();
  }

  function forgetAll(): void {
    for (const { forget } of forgetters) forget();
  }

  async function connect(): Promise<void> {
    const connection = new pg.Client({
      connectionString,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: PROBE_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'countersign-configuration',
    });
    client = connection;
    connection.on('notification', ({ payload = '' }) => changed(payload));
    connection.on('error', (error) => lost(connection, error));
    connection.on('end', () => lost(connection, undefined));
    try {
      await connection.connect();
      await connection.query(`listen ${CHANNEL}`);
      const { rows } = await connection.query<{ id: number }>('select pg_backend_pid() as id');
      if (client !== connection) return;
      backend = rows[0]?.id;
      pauseMs = FIRST_PAUSE_MS;
      timer = setInterval(() => {
        connection.query('select 1').catch((error: unknown) => lost(connection, error));
      }, PROBE_EVERY_MS);
      timer.unref();
      // Whatever changed while nobody listened.
      forgetAll();
      listening.resolve();
    } catch (error) {
      lost(connection, error);
    }
  }

  /** Once for each connection. */
  function lost(connection: pg.Client, error: unknown): void {
    if (client !== connection || isStopped) return;
    client = undefined;
    clearInterval(timer);
    if (backend !== undefined) listening = Promise.withResolvers<void>();
    backend = undefined;
    warn(error);
    // It is gone or of no use; how it ends is of no interest.
    connection.end().catch(() => {});
    timer = setTimeout(() => void connect(), pauseMs);
    timer.unref();
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }

  void connect();

  return {
    onChange: (tables, forget) => void forgetters.push({ tables: new Set(tables), forget }),
    changed,
    listening: () => listening.promise,
    backendId: () => backend,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await client?.end();
    },
  };
}
