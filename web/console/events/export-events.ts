import { request } from '../call-console.ts';

/** An export may take as long as the server takes to read. */
const TIMEOUT_MS = 600_000;

/** Saves an export of events as a file (NDJSON). A link could not carry the header that our requests are known by. */
export async function exportEvents(address: string): Promise<void> {
  const reply = await request('GET', address, { timeoutMs: TIMEOUT_MS });
  const url = URL.createObjectURL(await reply.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `events-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.ndjson`;
  link.click();
  URL.revokeObjectURL(url);
}
