import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bearsToken } from '../runtime/bears-token.ts';

export interface OperationsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Who bears it may read the metrics; undefined: everybody who reaches the port. */
  readonly metricsToken: string | undefined;
  readonly isDatabaseUp: () => Promise<boolean>;
  readonly isTemporalUp: () => Promise<boolean>;
  /** The worker takes work and was not told to end. */
  readonly isWorking: () => boolean;
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
}

/** Health and metrics of a worker: `/livez`, `/readyz`, `/metrics`, and nothing else. */
export async function startOperationsServer(
  options: OperationsServerOptions,
): Promise<{ readonly address: AddressInfo; close(): Promise<void> }> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 65_000 });
  server.maxConnections = 64;
  server.on('request', (request, response) => {
    answer(request.method ?? '', request.url ?? '', request.headers.authorization, response).catch(() => {
      send(response, 500, { status: 'failed' });
    });
  });

  async function answer(
    method: string,
    url: string,
    authorization: string | undefined,
    response: ServerResponse,
  ): Promise<void> {
    const path = method === 'GET' ? url.split('?', 1)[0] : undefined;
    if (path === '/livez') return send(response, 200, { status: 'alive' });
    if (path === '/readyz') {
      const [database, temporal] = await Promise.all([options.isDatabaseUp(), options.isTemporalUp()]);
      const working = options.isWorking();
      const ready = database && temporal && working;
      if (!ready) response.setHeader('retry-after', '2');
      return send(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not_ready', database, temporal, working });
    }
    if (path !== '/metrics') return send(response, 404, { status: 'no such path' });
    if (options.metricsToken !== undefined && !bearsToken(authorization, options.metricsToken)) {
      response.setHeader('www-authenticate', 'Bearer');
      return send(response, 401, { status: 'refused' });
    }
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
      .end(await options.metrics());
  }

  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    address: server.address() as AddressInfo,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
