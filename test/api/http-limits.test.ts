import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createHttpServer, HTTP_LIMITS } from '../../api/http-server.ts';
import { openRawSocket, type RawSocket } from './raw-socket.ts';

/** Short, so that nobody waits; what is proven is that each of them is applied. */
const SHORT = {
  ...HTTP_LIMITS,
  headersTimeoutMs: 400,
  requestTimeoutMs: 800,
  keepAliveTimeoutMs: 400,
  checkEveryMs: 50,
};
const NEVER = { ...HTTP_LIMITS, headersTimeoutMs: 300_000, requestTimeoutMs: 300_000 };

const servers: Server[] = [];
const sockets: RawSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await Promise.all(
    servers.splice(0).map(async (server) => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }),
  );
});

/** Notes each request that the application sees, with its body. */
async function serve(limits = NEVER, maxConnections = 100) {
  const seen: string[] = [];
  const app = express();
  app.use(express.text({ type: () => true }));
  app.use((request, response) => {
    seen.push(`${request.method} ${request.url} ${typeof request.body === 'string' ? request.body : ''}`);
    response.send('ok');
  });
  const server = createHttpServer(app, maxConnections, limits);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    server,
    async open() {
      const socket = await openRawSocket(port);
      sockets.push(socket);
      return socket;
    },
  };
}

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a request that two parsers could read differently', () => {
  it.each([
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 37\r\n', SMUGGLED],
    ['two lengths in one header', 'Content-Length: 0, 37\r\n', SMUGGLED],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${SMUGGLED}`],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', `0\r\n\r\n${SMUGGLED}`],
    ['an encoding that is almost chunked', 'Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${SMUGGLED}`],
    ['chunks and then something else', 'Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${SMUGGLED}`],
    ['a length with a sign', 'Content-Length: +0\r\n', SMUGGLED],
    ['a length in hexadecimal', 'Content-Length: 0x0\r\n', SMUGGLED],
    ['a space before the colon', 'Content-Length : 37\r\n', SMUGGLED],
    ['a header that goes on in the next line', 'Content-Length:\r\n 37\r\n', SMUGGLED],
    ['a line that ends without a return', 'X: a\nContent-Length: 37\r\n', SMUGGLED],
    ['a NUL in a header', 'X: a\0b\r\n', SMUGGLED],
    ['a chunk size that is none', 'Transfer-Encoding: chunked\r\n', `0_0\r\n\r\n${SMUGGLED}`],
    ['two hosts', 'Host: b\r\nHost : c\r\n', SMUGGLED],
  ])('with %s ends its connection, and hides no second one', async (_case, headers, rest) => {
    const { seen, open } = await serve();
    const socket = await open();
    socket.write(`POST /first HTTP/1.1\r\nHost: a\r\n${headers}\r\n${rest}`);
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 400 /);
    expect(seen).not.toContainEqual(expect.stringContaining('/smuggled'));
  });

  it('without a host is refused', async () => {
    const { seen, open } = await serve();
    const socket = await open();
    socket.write('GET / HTTP/1.1\r\n\r\n');
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 400 /);
    expect(seen).toEqual([]);
  });

  it('and an honest one by chunks is served, and the next one after it', async () => {
    const { seen, open } = await serve();
    const socket = await open();
    socket.write('POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n');
    socket.write('GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await socket.ended;
    // Pipelined, the second one may reach the application while the first one's body is read.
    expect([...seen].sort()).toEqual(['GET /b ', 'POST /a hello']);
  });
});

describe('a caller that takes its time', () => {
  it('with headers is cut off', async () => {
    const { seen, open } = await serve(SHORT);
    const socket = await open();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-A: ');
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 408 /);
    expect(seen).toEqual([]);
  });

  it('with the body is cut off', async () => {
    const { seen, open } = await serve(SHORT);
    const socket = await open();
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
    await socket.ended;
    expect(seen).toEqual([]);
  });

  it('with a chunk is cut off', async () => {
    const { seen, open } = await serve(SHORT);
    const socket = await open();
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab');
    await socket.ended;
    expect(seen).toEqual([]);
  });

  it('before the first byte is cut off', async () => {
    const { open } = await serve(SHORT);
    await (await open()).ended;
  });

  it('before the next request is cut off', async () => {
    const { seen, open } = await serve({ ...NEVER, keepAliveTimeoutMs: 200 });
    const socket = await open();
    socket.write('GET /only HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).toEqual(['GET /only ']);
  });
});

describe('a caller that takes too much room', () => {
  it('with headers is refused', async () => {
    const { seen, open } = await serve();
    const socket = await open();
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(HTTP_LIMITS.maxHeaderBytes)}\r\n\r\n`);
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 431 /);
    expect(seen).toEqual([]);
  });

  it('with its address is refused', async () => {
    const { seen, open } = await serve();
    const socket = await open();
    socket.write(`GET /${'a'.repeat(HTTP_LIMITS.maxHeaderBytes)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 431 /);
    expect(seen).toEqual([]);
  });

  it('with connections is closed at once, and whoever was there before is served', async () => {
    const { server, open } = await serve(NEVER, 2);
    const [first] = [await open(), await open()];
    const dropped = once(server, 'drop');
    expect(await (await open()).ended).toBe('');
    await dropped;
    first?.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await first?.until(/ok/)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

it('is given no more time than an honest caller needs', () => {
  expect(HTTP_LIMITS.headersTimeoutMs).toBeLessThanOrEqual(10_000);
  expect(HTTP_LIMITS.requestTimeoutMs).toBeLessThanOrEqual(20_000);
  expect(HTTP_LIMITS.checkEveryMs).toBeLessThanOrEqual(1_000);
  expect(HTTP_LIMITS.maxHeaderBytes).toBeLessThanOrEqual(16_384);
});
