import { once } from 'node:events';
import { BlockList } from 'node:net';
import { createCallbackSender } from '../../activities/adapters/callback-sender.ts';
import { type PortalServer, startPortalServer } from './portal-server.ts';

const PATIENT_MS = 20_000;
const SHORT_MS = 1_000;
const TRANSACTION_ID = '0190a000-0000-7000-8000-000000000001';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');

let portal: PortalServer;
let sender: ReturnType<typeof createCallbackSender>;

beforeEach(async () => {
  portal = await startPortalServer();
  sender = createCallbackSender({ allowedNetworks: loopback, findCredentials: async () => undefined });
});

afterEach(async () => {
  await sender.close();
  await portal.close();
});

function send(callbackUri = `${portal.url}/callback`, timeoutMs = PATIENT_MS) {
  return sender.send({ callbackUri, transactionId: TRANSACTION_ID }, timeoutMs);
}

it('posts address and transaction as JSON, and nothing else', async () => {
  const callbackUri = `${portal.url}/callback/%C3%A9?state=a%20b&x=1`;
  await expect(send(callbackUri)).resolves.toStrictEqual({ ok: true, httpStatus: 204 });
  const [request] = portal.requests;
  const body = `{"callback_uri":"${callbackUri}","transaction_id":"${TRANSACTION_ID}"}`;
  expect(request).toStrictEqual({
    method: 'POST',
    path: '/callback/%C3%A9?state=a%20b&x=1',
    body,
    headers: {
      host: `127.0.0.1:${portal.port}`,
      connection: 'keep-alive',
      'content-type': 'application/json;charset=UTF-8',
      'content-length': String(body.length),
    },
  });
});

it.each([200, 201, 202, 204, 206, 226, 299])('takes %d for a yes', async (httpStatus) => {
  portal.answer = (_request, response) => void response.writeHead(httpStatus).end();
  await expect(send()).resolves.toStrictEqual({ ok: true, httpStatus });
});

it.each([300, 304, 400, 401, 403, 404, 409, 410, 429, 500, 502, 503, 504])('takes %d for a no', async (httpStatus) => {
  portal.answer = (_request, response) => void response.writeHead(httpStatus).end();
  await expect(send()).resolves.toStrictEqual({ ok: false, failure: 'refused', httpStatus });
});

it.each([301, 302, 303, 307, 308])('does not follow a redirection (%d)', async (httpStatus) => {
  portal.answer = (_request, response) =>
    void response.writeHead(httpStatus, { location: `${portal.url}/elsewhere` }).end();
  await expect(send()).resolves.toStrictEqual({ ok: false, failure: 'refused', httpStatus });
  expect(portal.requests.map(({ path }) => path)).toStrictEqual(['/callback']);
});

describe('a portal that does not answer', () => {
  it('is given up when the time is over', async () => {
    portal.answer = () => {};
    await expect(send(undefined, SHORT_MS)).resolves.toStrictEqual({ ok: false, failure: 'timeout' });
    expect(portal.requests).toHaveLength(1);
  });

  it('does not hold up callbacks to others', async () => {
    const other = await startPortalServer();
    portal.answer = () => {};
    const order: string[] = [];
    const stuck = Array.from({ length: 40 }, () => send(undefined, 2_000).finally(() => order.push('stuck')));
    await send(`${other.url}/callback`).finally(() => order.push('other'));
    await Promise.all(stuck);
    await other.close();
    expect(order[0]).toBe('other');
    expect(order).toHaveLength(41);
  });

  it('is told apart from one that cuts the connection', async () => {
    portal.answer = (_request, response) => void response.socket?.destroy();
    const attempt = await send();
    expect(attempt).toStrictEqual({ ok: false, failure: expect.any(String) });
    expect(attempt).not.toMatchObject({ failure: 'timeout' });
  });

  it('is told apart from one where nobody listens', async () => {
    const { url } = portal;
    await portal.close();
    await expect(send(`${url}/callback`)).resolves.toStrictEqual({ ok: false, failure: 'econnrefused' });
    portal = await startPortalServer();
  });
});

describe('what a portal says beside its status', () => {
  it('may be a few words', async () => {
    portal.answer = (_request, response) => void response.writeHead(200).end('thank you');
    await expect(send()).resolves.toStrictEqual({ ok: true, httpStatus: 200 });
  });

  // The portal never ends its reply, and the sender has two minutes: reading to the end would outlast the test.
  it.each([
    ['200', 200, { ok: true, httpStatus: 200 }],
    ['500', 500, { ok: false, failure: 'refused', httpStatus: 500 }],
  ])(
    'is not read beyond 4 KiB (%s)',
    async (_name, httpStatus, expected) => {
      let closed: Promise<unknown> | undefined;
      portal.answer = (_request, response) => {
        closed = once(response, 'close');
        response.writeHead(httpStatus);
        response.write('x'.repeat(5_000));
      };
      await expect(send(undefined, 120_000)).resolves.toStrictEqual(expected);
      await closed;
    },
    20_000,
  );

  it('is not read at all when it announces more than 4 KiB', async () => {
    let closed: Promise<unknown> | undefined;
    portal.answer = (_request, response) => {
      closed = once(response, 'close');
      response.writeHead(200, { 'content-length': '1000000000' });
      response.write('x');
    };
    await expect(send(undefined, 120_000)).resolves.toStrictEqual({ ok: true, httpStatus: 200 });
    await closed;
  }, 20_000);

  it('may never end and the yes still counts', async () => {
    portal.answer = (_request, response) => {
      response.writeHead(200);
      response.write('x');
    };
    await expect(send(undefined, SHORT_MS)).resolves.toStrictEqual({ ok: true, httpStatus: 200 });
  });
});

describe('the memory of ailing addresses', () => {
  it('begins empty, and keeps nothing of an address that works', async () => {
    expect(sender.isAilingAt(`${portal.url}/callback`)).toBe(false);
    await send();
    expect(sender.isAilingAt(`${portal.url}/callback`)).toBe(false);
  });

  it.each([
    ['refused', (port: PortalServer) => (port.answer = (_request, response) => void response.writeHead(500).end())],
    ['hung', (port: PortalServer) => (port.answer = () => {})],
    ['cut', (port: PortalServer) => (port.answer = (_request, response) => void response.socket?.destroy())],
  ])('keeps an origin that %s, with all its paths and no other origin', async (_name, break_) => {
    const other = await startPortalServer();
    break_(portal);
    await send(undefined, SHORT_MS);
    expect(sender.isAilingAt(`${portal.url}/callback`)).toBe(true);
    expect(sender.isAilingAt(`${portal.url}/another?path=1`)).toBe(true);
    expect(sender.isAilingAt(`${other.url}/callback`)).toBe(false);
    await other.close();
  });

  it('forgets an origin that works again', async () => {
    portal.answer = (_request, response) => void response.writeHead(500).end();
    await send();
    portal.answer = (_request, response) => void response.writeHead(200).end();
    await send();
    expect(sender.isAilingAt(`${portal.url}/callback`)).toBe(false);
  });

  it('is not shared between senders', async () => {
    portal.answer = (_request, response) => void response.writeHead(500).end();
    await send();
    const another = createCallbackSender({ allowedNetworks: loopback, findCredentials: async () => undefined });
    expect(another.isAilingAt(`${portal.url}/callback`)).toBe(false);
    await another.close();
  });
});
