import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection without a client library: what is written is what is sent. */
export interface RawSocket {
  write(text: string): void;
  /** All that came, once the other side has closed. */
  readonly ended: Promise<string>;
  /** Resolves with what came so far as soon as it matches. */
  until(pattern: RegExp): Promise<string>;
  close(): void;
}

export async function openRawSocket(port: number): Promise<RawSocket> {
  const socket: Socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1');
  const ended = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(received));
  });
  // A reset is an end like any other here.
  socket.on('error', () => {});
  socket.on('data', (text) => {
    received += text;
  });
  await once(socket, 'connect');
  return {
    write: (text) => void socket.write(text, 'latin1'),
    ended,
    async until(pattern) {
      while (!pattern.test(received)) {
        if (socket.destroyed) throw new Error(`closed before ${pattern}, after: ${received}`);
        await Promise.race([once(socket, 'data'), ended]);
      }
      return received;
    },
    close: () => socket.destroy(),
  };
}
