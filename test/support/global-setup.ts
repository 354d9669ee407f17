import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../dev/embedded-postgres.ts';
import { startTemporal } from '../../dev/temporal-server.ts';
import { holdServers } from './shared-servers.ts';

/** One PostgreSQL and one Temporal server for the whole run; each test file has its own database and task queue on them. */
export default async function globalSetup(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dataDir }),
    startTemporal({ dataDir, headless: true }),
  ]);
  process.env.TEST_DATABASE_URL = postgres.connectionString;
  process.env.TEST_TEMPORAL_ADDRESS = temporal.address;
  holdServers({ dataDir, stop: [() => temporal.stop(), () => postgres.stop()] });
}
