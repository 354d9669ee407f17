import { rm } from 'node:fs/promises';
import { heldServers } from './shared-servers.ts';

export default async function globalTeardown(): Promise<void> {
  const servers = heldServers();
  if (!servers) return;
  for (const stop of servers.stop) await stop();
  await rm(servers.dataDir, { recursive: true, force: true });
}
