import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { ApiDependencies } from '../../api/dependencies.ts';
import { eventsTokenOf } from '../../api/routes/mobile-authentication/events-token.ts';
import { streamStages } from '../../api/routes/mobile-authentication/stream-stages.ts';
import { createStageWatch } from '../../api/stage-watch.ts';
import { parseKeyring } from '../../runtime/keyring.ts';

const ID = '0190a000-0000-7000-8000-000000000000';
const keyring = parseKeyring(`k1:${Buffer.alloc(32).toString('base64')}`);
let server: Server;

afterEach(() => server.close());

it('listens for nobody who is gone before the transaction is found', async () => {
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const stageWatch = createStageWatch({
    readAfter: async () => [],
    warn: (error) => {
      throw error;
    },
  });
  const { admit, stream } = streamStages({
    clients: { authenticate: async () => Promise.reject(new Error('nobody asks as a client')) },
    keyring,
    stages: {
      find: async () => {
        asked.resolve();
        await left.promise;
        return { clientId: 'shop', expiresAtMs: Date.now() + 60_000, isCalledBack: false };
      },
    },
    stageWatch,
  } satisfies Pick<ApiDependencies, 'clients' | 'keyring' | 'stages' | 'stageWatch'>);
  const app = express();
  app.get('/:transactionId', admit, async (incoming, response, next) => {
    response.once('close', left.resolve);
    await stream(incoming, response, next);
    over.resolve();
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const outgoing = request({ port, host: '127.0.0.1', path: `/${ID}?events_token=${eventsTokenOf(keyring, ID)}` });
  outgoing.on('error', () => undefined).end();
  await asked.promise;
  outgoing.destroy();
  await over.promise;
  expect(stageWatch.listenerCount).toBe(0);
});
