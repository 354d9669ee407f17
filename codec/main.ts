import { once } from 'node:events';
import { createServer } from 'node:http';
import { loadCodecConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/logger.ts';
import { closeOnSignal } from '../runtime/shutdown.ts';
import { buildCodecServer } from './server.ts';

const MAX_CONNECTIONS = 256;

const config = loadCodecConfig(process.env);
const logger = createLogger('codec', config.LOG_LEVEL);
const app = buildCodecServer({
  keyring: config.ENCRYPTION_KEYS,
  token: config.CODEC_TOKEN,
  origins: config.CODEC_ORIGINS,
});
const server = createServer({ headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 65_000 }, app);
server.maxConnections = MAX_CONNECTIONS;
server.listen(config.CODEC_PORT, config.CODEC_HOST);
await once(server, 'listening');
closeOnSignal(
  logger,
  [
    {
      name: 'server',
      close: async () => {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      },
    },
  ],
  5_000,
);
logger.info({ address: server.address() }, 'codec ready');
process.send?.({ ready: true });
