import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { StartError } from './start-error.ts';

const HOST = '127.0.0.1';
/** Also this machine, on Linux; nobody looks for a server there. */
const CLAIM_HOST = '127.0.0.2';
const PORTS_TRIED = 200;
const PROBE_MS = 1_000;

/** A port that no other start will choose while it is held. */
export interface PortClaim {
  readonly port: number;
  /** Ports that were preferred and are used by something else. */
  readonly passedOver: readonly number[];
  release(): Promise<void>;
}

/**
 * The first free port on loopback: those of `preferred`, then the ones above the last of them.
 * Looking and using are two steps, so two starts could choose the same port: a claim is a socket on the same port of a
 * second loopback address, and only one process can have that. (Where there is no such address, nothing is claimed.)
 */
export async function claimPort(...preferred: readonly (number | undefined)[]): Promise<PortClaim> {
  const wanted = preferred.filter((port) => port !== undefined);
  const last = wanted.at(-1) ?? (await anyFreePort());
  for (let above = 1; wanted.length < PORTS_TRIED && last + above <= 65_535; above++) wanted.push(last + above);
  for (const [index, port] of wanted.entries()) {
    const release = await claimOne(port);
    if (release) return { port, passedOver: wanted.slice(0, index), release };
  }
  throw new StartError(`No port from ${last} to ${wanted.at(-1)} is free.`);
}

/** Undefined when the port is taken or claimed; otherwise what gives the claim up. */
async function claimOne(port: number): Promise<(() => Promise<void>) | undefined> {
  const claim = await listen(CLAIM_HOST, port);
  if (claim === 'taken') return undefined;
  const release = async (): Promise<void> => {
    if (claim !== 'no such address') await close(claim);
  };
  if (!(await isPortTaken(port))) return release;
  await release();
  return undefined;
}

/** Whether something on this machine uses the port on loopback. */
export async function isPortTaken(port: number): Promise<boolean> {
  const server = await listen(HOST, port);
  if (server === 'no such address') throw new Error(`${HOST} is missing on this machine`);
  if (server === 'taken') return true;
  await close(server);
  // Some systems let a second server listen beside one that has the port on every address.
  return await accepts(port);
}

/** A port the operating system gives; for where no one has to remember it. */
async function anyFreePort(): Promise<number> {
  const server = await listen(HOST, 0);
  if (typeof server === 'string') throw new Error('no port is free');
  const { port } = server.address() as { port: number };
  await close(server);
  return port;
}

async function listen(host: string, port: number): Promise<Server | 'taken' | 'no such address'> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
    server.unref();
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') return 'taken';
    if (code === 'EADDRNOTAVAIL') return 'no such address';
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ host: HOST, port, timeout: PROBE_MS });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('timeout', () => resolve(true));
    });
  } finally {
    socket.destroy();
  }
}
