import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PortalRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A portal's server on loopback that does as the test says, and keeps what came. */
export interface PortalServer {
  readonly port: number;
  /** Address by IP. */
  readonly url: string;
  readonly requests: readonly PortalRequest[];
  /** How many connections were opened, whatever came over them. */
  readonly connections: () => number;
  answer: (request: PortalRequest, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startPortalServer(host = '127.0.0.1'): Promise<PortalServer> {
  const requests: PortalRequest[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const kept = { method, path, headers, body: Buffer.concat(chunks).toString() };
      requests.push(kept);
      portal.answer(kept, response);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const portal: PortalServer = {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    answer: (_request, response) => void response.writeHead(204).end(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return portal;
}
