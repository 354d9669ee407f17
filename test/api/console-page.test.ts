import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { webRouter } from '../../api/routes/web/router.ts';

const HTML = '<!doctype html><meta property="csp-nonce" nonce="CSP_NONCE"><title>Console</title>';
const ADDRESSES = ['/console', '/console/', '/console/transactions', '/console/transactions/1?x=1', '/console/login'];

describe('the page of the console', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-pages-'));
  const servers: Server[] = [];
  beforeAll(() => {
    mkdirSync(join(folder, 'console'));
    writeFileSync(join(folder, 'console/index.html'), HTML);
  });
  afterAll(async () => {
    for (const server of servers) await once(server.close(), 'close');
    rmSync(folder, { recursive: true });
  });

  /** Serves these pages as an api process does, under a name of its own where one is given. */
  async function serve(withDemo: boolean, publicUrl?: string): Promise<string> {
    const app = express();
    const server = createServer(app);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    app.use(webRouter({ withDemo, publicUrl: publicUrl ?? url, builtFolder: folder }));
    return url;
  }
  const get = (url: string) => fetch(url, { redirect: 'manual', headers: { connection: 'close' } });

  it.each([true, false])('is at its address and all below it (with the demonstration: %s)', async (withDemo) => {
    const url = await serve(withDemo);
    for (const address of ADDRESSES) {
      const reply = await get(url + address);
      const nonce = /'nonce-([^']+)'/.exec(reply.headers.get('content-security-policy') ?? '')?.[1];
      expect({ address, status: reply.status, html: await reply.text() }).toEqual({
        ...{ address, status: 200, html: HTML.replace('CSP_NONCE', nonce as string) },
      });
      expect(reply.headers.get('cache-control')).toBe('no-store');
    }
    expect((await get(`${url}/consolex`)).status).toBe(404);
  });

  it('leads to its own name where the demonstration is, with all of the address', async () => {
    const url = await serve(true, 'http://127.0.0.1:1');
    const reply = await get(`${url}/console/transactions?status=failed`);
    expect([reply.status, reply.headers.get('location')]).toEqual([
      ...[307, 'http://127.0.0.1:1/console/transactions?status=failed'],
    ]);
    // Behind a proxy the name that arrives may be another one.
    expect((await get(`${await serve(false, 'https://auth.example')}/console`)).status).toBe(200);
  });
});
