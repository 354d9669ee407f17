import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { BrokenOff } from '../../activities/adapters/apns-exchange.ts';
import { type ApnsLine, createApnsLine } from '../../activities/adapters/apns-line.ts';
import { headersOf, payloadOf } from '../../activities/adapters/apns-message.ts';
import { createProviderTokens } from '../../activities/adapters/apns-provider-tokens.ts';
import { openApnsSession } from '../../activities/adapters/apns-session.ts';
import { createLocalProviderTokenStore } from '../../activities/adapters/provider-token-store.ts';
import { aPush } from './a-push.ts';
import { type SimulatedApns, startSimulatedApns } from './simulated-apns.ts';

let apns: SimulatedApns;
let relay: Server;
let pairs: [Socket, Socket][];
let line: ApnsLine;
let makeLine: (pongWithinMs: number) => ApnsLine;
let providerToken: string;

beforeEach(async () => {
  apns = await startSimulatedApns();
  pairs = [];
  relay = createServer((near) => {
    const far = connect(apns.simulator.production.port, '127.0.0.1');
    pairs.push([near, far]);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as AddressInfo;
  const host = { origin: `https://127.0.0.1:${port}`, certificateAuthority: apns.simulator.authority };
  const open = () => openApnsSession(host, 20_000);
  makeLine = (pongWithinMs) => createApnsLine({ open, endsConnection: () => false, pongWithinMs });
  line = makeLine(20_000);
  providerToken = await createProviderTokens(apns.simulator.signingKey, createLocalProviderTokenStore()).current();
});
afterEach(async () => {
  line.close();
  for (const socket of pairs.flat()) socket.destroy();
  relay.close();
  await apns.simulator.stop();
});

/** As when a firewall forgets the connections that it knows: nothing comes through, and nobody is told. */
function forgetConnections(): void {
  for (const [near, far] of pairs) {
    near.unpipe(far).resume();
    far.unpipe(near).resume();
  }
}

function post(deviceToken: string, signal = new AbortController().signal, onFreshConnection = false) {
  const push = aPush(deviceToken);
  const headers = headersOf(push, '0190a000-0000-7000-8000-000000000001', providerToken);
  return line.post({ headers, body: payloadOf(push) }, signal, onFreshConnection);
}

it('finds out by a ping that a connection is dead, after a push that had no answer', async () => {
  line = makeLine(100);
  const token = await apns.register();
  await expect(post(token)).resolves.toMatchObject({ status: 200 });
  forgetConnections();
  await expect(post(token, AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
  // Sent before the ping was given up; it shares the fate of its connection.
  await expect(post(token)).rejects.toThrow(BrokenOff);
  await expect(post(token)).resolves.toMatchObject({ status: 200 });
  expect(pairs).toHaveLength(2);
});

it('keeps a connection on which a single push had no answer', async () => {
  const [slow, other] = await Promise.all([apns.register(), apns.register()]);
  await apns.behave({ token: slow, reply: 'hang' });
  await expect(post(slow, AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
  for (let count = 0; count < 20; count += 1) await expect(post(other)).resolves.toMatchObject({ status: 200 });
  expect(pairs).toHaveLength(1);
});

it('does not open one connection for each push that wants a fresh one', async () => {
  const token = await apns.register();
  const signal = new AbortController().signal;
  const replies = await Promise.all(Array.from({ length: 20 }, () => post(token, signal, true)));
  expect(replies.map(({ status }) => status)).toStrictEqual(Array(20).fill(200));
  expect(pairs).toHaveLength(1);
});
