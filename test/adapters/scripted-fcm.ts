import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ScriptedReply =
  | { readonly status: number; readonly body: unknown; readonly contentType?: string }
  | 'hang'
  | 'drop';

export interface ReceivedSend {
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field by the tests
  readonly body: any;
}

/** A token server and a push service that do nothing but what the test tells them, and keep what came. */
export interface ScriptedFcm {
  readonly url: string;
  /** Settings of a push configuration that leads here. */
  readonly settings: string;
  /** SPKI PEM of the service account's key. */
  readonly publicKey: string;
  /** Forms of the token requests, in order. */
  readonly tokenRequests: readonly URLSearchParams[];
  readonly sends: readonly ReceivedSend[];
  /** How the n-th token request is answered; the first is 1. */
  onToken: (number: number) => ScriptedReply | Promise<ScriptedReply>;
  onSend: (send: ReceivedSend, number: number) => ScriptedReply | Promise<ScriptedReply>;
  close(): Promise<void>;
}

export const GOOD_SEND: ScriptedReply = { status: 200, body: { name: 'projects/scripted/messages/1' } };

export function tokenReply(accessToken: string, expiresInSeconds = 3_599): ScriptedReply {
  return {
    status: 200,
    body: { access_token: accessToken, expires_in: expiresInSeconds, token_type: 'Bearer' },
  };
}

/** Refuses every access token but this one, as FCM does. */
export function acceptOnly(accessToken: string): ScriptedFcm['onSend'] {
  return ({ headers }) =>
    headers.authorization === `Bearer ${accessToken}`
      ? GOOD_SEND
      : { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED', message: 'invalid credentials' } } };
}

export async function startScriptedFcm(): Promise<ScriptedFcm> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const tokenRequests: URLSearchParams[] = [];
  const sends: ReceivedSend[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (request.url === '/token') {
        tokenRequests.push(new URLSearchParams(text));
        answerWith(response, fcm.onToken(tokenRequests.length));
        return;
      }
      const send = { headers: request.headers, body: JSON.parse(text) };
      sends.push(send);
      answerWith(response, fcm.onSend(send, sends.length));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serviceAccount = {
    project_id: 'scripted',
    private_key_id: 'key-1',
    private_key: privateKey,
    client_email: 'sender@scripted.example',
    token_uri: `${url}/token`,
  };
  const fcm: ScriptedFcm = {
    url,
    settings: JSON.stringify({ serviceAccount, endpoint: url }),
    publicKey,
    tokenRequests,
    sends,
    onToken: (number) => tokenReply(`token-${number}`),
    onSend: () => GOOD_SEND,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return fcm;
}

function answerWith(response: ServerResponse, scripted: ScriptedReply | Promise<ScriptedReply>): void {
  Promise.resolve(scripted).then(
    (decided) => reply(response, decided),
    (error: Error) => response.destroy(error),
  );
}

function reply(response: ServerResponse, scripted: ScriptedReply): void {
  if (scripted === 'hang') return;
  if (scripted === 'drop') {
    response.socket?.destroy();
    return;
  }
  const { status, body, contentType = 'application/json' } = scripted;
  response.writeHead(status, { 'content-type': contentType });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
