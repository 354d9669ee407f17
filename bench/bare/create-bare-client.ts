import { Client, Connection } from '@temporalio/client';
import type { TemporalConfig } from '../../runtime/config.ts';
import { connectionOptionsFor } from '../../runtime/temporal.ts';

/** A client with the SDK's defaults: no encryption of payloads, its own retries. */
export async function createBareClient(config: TemporalConfig): Promise<Client> {
  const { address, tls, apiKey } = connectionOptionsFor(config);
  const connection = await Connection.connect({
    ...(address && { address }),
    tls: tls ?? false,
    ...(typeof apiKey === 'string' && { apiKey }),
  });
  return new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
}
