import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { request } from 'undici';

const DEADLINE_MS = 2_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** A free port of this machine, where the SDK's own exporter is to listen. It is free now; whoever is faster takes it. */
export async function freeLoopbackPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What Temporal's SDK counts of this worker (`temporal_…`), in the text format; empty when it does not answer. */
export async function readSdkMetrics(port: number): Promise<string> {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/metrics`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = await body.text();
    return statusCode === 200 && text.length <= MAX_BYTES ? text : '';
  } catch {
    return ''; // whoever scrapes sees that the series are missing
  }
}
