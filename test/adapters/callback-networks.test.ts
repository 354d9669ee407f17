import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, BlockList } from 'node:net';
import { createCallbackSender } from '../../activities/adapters/callback-sender.ts';
import { isAllowedAddress } from '../../activities/adapters/guarded-agent.ts';
import { type PortalServer, startPortalServer } from './portal-server.ts';

const TIMEOUT_MS = 10_000;
const TRANSACTION_ID = '0190a000-0000-7000-8000-000000000001';

function networks(...cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** Listens on every address of this machine, so that whatever spelling leads here arrives. */
let portal: PortalServer;
const senders: ReturnType<typeof createCallbackSender>[] = [];

beforeAll(async () => {
  portal = await startPortalServer('::');
});

afterAll(async () => {
  await Promise.all(senders.map((sender) => sender.close()));
  await portal.close();
});

function send(host: string, allowedNetworks: BlockList) {
  const sender = createCallbackSender({ allowedNetworks, findCredentials: async () => undefined });
  senders.push(sender);
  const callback = { callbackUri: `http://${host}:${portal.port}/callback`, transactionId: TRANSACTION_ID };
  return sender.send(callback, TIMEOUT_MS);
}

const SPELLINGS = [
  '127.0.0.1',
  'localhost',
  '[::1]',
  '0.0.0.0',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::]',
  '127.0.0.1.',
  'LOCALHOST',
  '017700000001',
  '0x7f.0x0.0x0.0x1',
  '0x7f.1',
  '127.0.1',
  '0',
  '%31%32%37.0.0.1',
  '127%2e0%2e0%2e1',
  '\uff11\uff12\uff17.0.0.1',
  '127\u30020\u30020\u30021',
  '[0:0:0:0:0:0:0:1]',
  '[0:0:0:0:0:ffff:7f00:1]',
  'public.example@127.0.0.1',
  'public.example:80@127.0.0.1',
];

describe('this machine', () => {
  it.each(SPELLINGS)('is not called as %s, and nothing arrives', async (host) => {
    const before = portal.connections();
    await expect(send(host, networks())).resolves.toStrictEqual({ ok: false, failure: 'address_not_allowed' });
    expect(portal.connections()).toBe(before);
  });

  it.each(SPELLINGS)('is called as %s where its networks are allowed', async (host) => {
    const before = portal.requests.length;
    const allowed = networks('127.0.0.0/8', '::1/128', '0.0.0.0/32', '::/128');
    await expect(send(host, allowed)).resolves.toMatchObject({ ok: true });
    expect(portal.requests).toHaveLength(before + 1);
  });

  it('is not called where another network is allowed', async () => {
    const before = portal.connections();
    const attempt = await send('127.0.0.1', networks('10.0.0.0/8', '127.0.0.2/32'));
    expect(attempt).toStrictEqual({ ok: false, failure: 'address_not_allowed' });
    expect(portal.connections()).toBe(before);
  });

  it('is not called through the redirection of an allowed address', async () => {
    const inner = createServer();
    let isReached = false;
    inner.on('connection', () => {
      isReached = true;
    });
    inner.listen(0, '127.0.0.2');
    await once(inner, 'listening');
    const location = `http://127.0.0.2:${(inner.address() as AddressInfo).port}/`;
    portal.answer = (_request, response) => void response.writeHead(307, { location }).end();
    const attempt = await send('127.0.0.1', networks('127.0.0.1/32'));
    portal.answer = (_request, response) => void response.writeHead(204).end();
    expect(attempt).toStrictEqual({ ok: false, failure: 'refused', httpStatus: 307 });
    expect(isReached).toBe(false);
    inner.close();
    await once(inner, 'close');
  });
});

it('says of a name that does not exist that, and not that it is forbidden', async () => {
  const attempt = await send('no-such-host.invalid', networks());
  expect(attempt.ok).toBe(false);
  expect(attempt).not.toMatchObject({ failure: 'address_not_allowed' });
});

describe('an address', () => {
  it.each([
    '0.0.0.1',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::10.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:a00:1::',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '3fff::1',
    '5f00::1',
  ])('%s is private', (address) => {
    expect(isAllowedAddress(address, networks())).toBe(false);
  });

  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
    '::ffff:1.1.1.1',
  ])('%s is public', (address) => {
    expect(isAllowedAddress(address, networks())).toBe(true);
  });

  it('is allowed by its network, in either clothing of an IPv4 address', () => {
    const allowed = networks('10.1.0.0/16', 'fd00:1::/32');
    expect(isAllowedAddress('10.1.2.3', allowed)).toBe(true);
    expect(isAllowedAddress('::ffff:10.1.2.3', allowed)).toBe(true);
    expect(isAllowedAddress('fd00:1::9', allowed)).toBe(true);
    expect(isAllowedAddress('10.2.0.1', allowed)).toBe(false);
    expect(isAllowedAddress('fd00:2::9', allowed)).toBe(false);
  });
});

it.each(['[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[::7f00:1]', '169.254.169.254', '[fd00:ec2::254]', '2852039166'])(
  '%s, behind which there may be something private, is not called',
  async (host) => {
    await expect(send(host, networks())).resolves.toStrictEqual({ ok: false, failure: 'address_not_allowed' });
  },
);
