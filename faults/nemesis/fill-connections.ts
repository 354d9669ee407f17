import { connect, type Socket } from 'node:net';
import type { Provider } from '../providers.ts';

/** More than a server of Node's lets wait to be taken, which is 511. */
const CONNECTIONS = 600;
const FROZEN_MS = 4_000;

/**
 * The provider does not run any more, and its connections are full: what is open takes bytes and answers none, and no new
 * one is taken, as others wait for that already.
 */
export async function fillConnections({ victim, port }: Provider): Promise<void> {
  const waiting: Socket[] = [];
  const freezing = victim.freeze(FROZEN_MS);
  for (let count = 0; count < CONNECTIONS; count += 1) {
    const socket = connect(port, '127.0.0.1');
    // Those past the limit are refused, or never answered: that is what is wanted.
    socket.on('error', () => undefined);
    waiting.push(socket);
  }
  try {
    await freezing;
  } finally {
    for (const socket of waiting) socket.destroy();
  }
}
