import { Connection, type ConnectionOptions, isGrpcServiceError } from '@temporalio/client';
import { StartError } from './start-error.ts';
import { EndOfWait, waitUntil } from './wait-until.ts';

const CALL_DEADLINE_MS = 2_000;
const NOT_FOUND = 5;

/** Which server, and how long to wait for it. */
export interface TemporalHealthOptions {
  readonly connection: ConnectionOptions & { readonly address: string };
  readonly namespace: string;
  readonly withinMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Tells that there is nothing left to wait for. */
  readonly hasEnded?: () => boolean;
  /** A new server makes the namespace a moment after it answers; with a server of somebody else it must be there. */
  readonly namespaceMayFollow: boolean;
}

/** Resolves when the server answers for the namespace. Throws when time is up, or the namespace does not exist. */
export async function waitForTemporal(options: TemporalHealthOptions): Promise<void> {
  const { connection: connectionOptions, namespace, withinMs, signal } = options;
  const connection = Connection.lazy({
    ...connectionOptions,
    connectTimeout: CALL_DEADLINE_MS,
    // While a server starts the first attempts fail at once; the default would then pause for seconds.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 250 },
    interceptors: [],
  });
  const attempt = async (): Promise<boolean> => {
    if (options.hasEnded?.()) throw new EndOfWait('it ended');
    try {
      await connection.withDeadline(Date.now() + CALL_DEADLINE_MS, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
      return true;
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === NOT_FOUND && !options.namespaceMayFollow) {
        throw new EndOfWait(`the namespace ${namespace} does not exist`);
      }
      throw error;
    }
  };
  try {
    await waitUntil(attempt, { what: 'an answer', withinMs, pollMs: 100, signal });
  } catch (error) {
    signal?.throwIfAborted();
    const reason = rootOf(error);
    throw new StartError(`Temporal at ${connectionOptions.address} can not be used: ${reason}`, { cause: error });
  } finally {
    await connection.close();
  }
}

function rootOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
