import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy for CONNECT (RFC 9110, 9.3.6), as companies have them before the way out. */
export interface ConnectProxy {
  /** With the user and the password that it asks for, where it asks. */
  readonly url: string;
  readonly port: number;
  /** `host:port` of every tunnel that was asked for, and the credentials that came with it. */
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** `credentials` is `user:password`; `refusal` is what it answers instead of opening tunnels. */
export async function startConnectProxy({
  credentials,
  refusal,
  portFor = () => undefined,
}: {
  readonly credentials?: string;
  readonly refusal?: number;
  /** Port on this machine that a target is reached at instead, where there is one. */
  readonly portFor?: (target: string) => number | undefined;
} = {}): Promise<ConnectProxy> {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => void response.writeHead(405).end());
  server.on('connect', (request, socket: Socket, head) => {
    const authorization = request.headers['proxy-authorization'];
    asked.push({ target: request.url ?? '', authorization });
    sockets.add(socket);
    socket.on('error', () => undefined);
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    const status = refusal ?? (wanted && authorization !== wanted ? 407 : 200);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nproxy-authenticate: Basic realm="proxy"\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const diverted = portFor(request.url ?? '');
    const upstream = connect(diverted ?? Number(port), diverted ? '127.0.0.1' : hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => socket.destroy());
    socket.once('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [user = '', ...password] = (credentials ?? '').split(':');
  const access = credentials ? `${encodeURIComponent(user)}:${encodeURIComponent(password.join(':'))}@` : '';
  return {
    url: `http://${access}127.0.0.1:${port}`,
    port,
    asked,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
