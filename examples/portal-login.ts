/**
 * A portal in one file: logs users in by asking their phones, as an identity provider does.
 *
 *   PORTAL_SECRET=… node examples/portal-login.ts --server URL --client ID --store FILE [--port PORT]
 *
 * `POST /login` (form: `user`) asks the phone, `GET /login` waits for the outcome in the same browser. What can be asked
 * is found out once and kept in a cookie; the outcome is fetched when the callback comes; rows are kept for a day.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';

const KEPT_MS = 24 * 60 * 60 * 1_000;
const MAX_BODY_BYTES = 4_096;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { server: text, client: text, store: text, port: text } });
const { server: serverUrl, client: clientId, store } = values;
const { PORTAL_SECRET: secret } = process.env;
if (!serverUrl || !clientId || !store || !secret) {
  throw new Error('--server, --client, --store and the variable PORTAL_SECRET are needed');
}
const authorization = `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`)}`;

const database = new DatabaseSync(store);
database.exec(`create table if not exists mobile_auth_transactions
  (id text primary key, browser text unique, begun_at_ms integer, ends_at_ms integer, status text)`);
const insert = database.prepare('insert into mobile_auth_transactions values (?, ?, ?, ?, null)');
const finish = database.prepare('update mobile_auth_transactions set status = ? where id = ? and status is null');
const findById = database.prepare('select * from mobile_auth_transactions where id = ?');
const findByBrowser = database.prepare('select * from mobile_auth_transactions where browser = ?');
const forget = database.prepare('delete from mobile_auth_transactions where begun_at_ms < ?');

interface Row {
  readonly id: string;
  readonly ends_at_ms: number;
  readonly status: string | null;
}

/** Tells whoever waits for a transaction, by its id, that it has ended. */
const ended = new EventEmitter();

async function call<T>(path: string, form?: Readonly<Record<string, string>>): Promise<T> {
  const response = await fetch(`${serverUrl}/oauth/api/v4/authenticate${path}`, {
    method: form ? 'POST' : 'GET',
    headers: { authorization },
    ...(form && { body: new URLSearchParams(form) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`${path.split('/')[1]} is refused: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

interface Available {
  readonly type: string;
  readonly method: string;
  readonly apps_enrolled_for_push?: readonly { readonly device_id: string }[];
}

/** What the cookie says of this user, or else the first plain push that reaches a phone; undefined where none does. */
async function phoneOf(user: string, cookie: string | undefined): Promise<readonly [string, string] | undefined> {
  const [knownUser, knownType, knownDevice] = (cookie ?? '').split('|').map(decodeURIComponent);
  if (knownUser === user && knownType && knownDevice) return [knownType, knownDevice];
  const { enabled } = await call<{ enabled: Available[] }>(`/user/${encodeURIComponent(user)}/enabled`);
  console.log(`asked what reaches ${user}`);
  for (const { type, method, apps_enrolled_for_push: [phone] = [] } of enabled) {
    if (method === 'PUSH' && phone) return [type, phone.device_id];
  }
  return undefined;
}

async function begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const user = new URLSearchParams(await bodyOf(request)).get('user') ?? '';
  const phone = user === '' ? undefined : await phoneOf(user, cookieOf(request, 'phone'));
  if (!phone) return reply(response, 404, { error: 'no phone can be asked' });
  const [type, deviceId] = phone;
  const browser = randomBytes(32).toString('base64url');
  const begunAtMs = Date.now();
  const form = { type, user_id: user, device_id: deviceId, callback_uri: `${address}/callback`, message: 'Log in?' };
  const begun = await call<{ transaction_id: string; time_to_live: number }>('/user', form);
  insert.run(begun.transaction_id, browser, begunAtMs, begunAtMs + begun.time_to_live);
  const known = [user, type, deviceId].map(encodeURIComponent).join('|');
  response.setHeader('set-cookie', [
    `browser=${browser}; HttpOnly; SameSite=Strict`,
    `phone=${known}; HttpOnly; SameSite=Strict; Max-Age=2592000`,
  ]);
  reply(response, 202, { status: 'pending' });
}

/** Waits for the callback, not for the API. Should it not come in time, the result is asked for once. */
async function wait(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const browser = cookieOf(request, 'browser') ?? '';
  const row = findByBrowser.get(browser) as Row | undefined;
  if (!row) return reply(response, 404, { error: 'nobody logs in here' });
  if (row.status === null) {
    const signal = AbortSignal.timeout(Math.max(row.ends_at_ms - Date.now(), 0));
    // It rejects when the time is up.
    await once(ended, row.id, { signal }).catch(() => undefined);
    await fetchResult(row.id);
  }
  reply(response, 200, { status: (findByBrowser.get(browser) as Row | undefined)?.status ?? 'pending' });
}

async function takeCallback(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { transaction_id: id } = JSON.parse(await bodyOf(request)) as { transaction_id?: unknown };
  // Anybody may call here: only what is our own is looked up, and what it says is read from the API.
  if (typeof id === 'string' && findById.get(id)) await fetchResult(id);
  response.writeHead(204).end();
}

async function fetchResult(id: string): Promise<void> {
  if ((findById.get(id) as Row | undefined)?.status !== null) return;
  const result = await call<{ user_id: string; is_authenticated: boolean; status: string }>(`/transaction/${id}`);
  if (result.status === 'pending') return;
  const { changes } = finish.run(result.is_authenticated ? 'logged in' : result.status, id);
  if (changes > 0) console.log(`${result.user_id}: ${result.status}`);
  ended.emit(id);
}

function forgetOld(): void {
  const { changes } = forget.run(Date.now() - KEPT_MS);
  console.log(`rows forgotten: ${changes}`);
}

function forgetEachMidnight(): void {
  const midnight = new Date().setHours(24, 0, 0, 0);
  const timer = setTimeout(() => {
    forgetOld();
    forgetEachMidnight();
  }, midnight - Date.now());
  timer.unref();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > MAX_BODY_BYTES) throw new Error('the body is too large');
  }
  return body;
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const cookies = (headers.cookie ?? '').split('; ').map((cookie) => cookie.split('='));
  return cookies.find(([key]) => key === name)?.[1];
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const ROUTES: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>> = {
  'POST /login': begin,
  'GET /login': wait,
  'POST /callback': takeCallback,
};

const portal = createServer((request, response) => {
  const route = ROUTES[`${request.method} ${request.url}`];
  if (!route) return reply(response, 404, { error: 'there is nothing here' });
  route(request, response).catch((error: unknown) => {
    console.error(error);
    if (response.headersSent) return;
    // A callback that is not taken comes again. What the cookie knows may be true no more: it is found out anew.
    response.setHeader('set-cookie', 'phone=; HttpOnly; SameSite=Strict; Max-Age=0');
    reply(response, 502, { error: 'that did not work; try again' });
  });
});

let address = '';
portal.listen(Number(values.port ?? 0), '127.0.0.1', () => {
  address = `http://127.0.0.1:${(portal.address() as AddressInfo).port}`;
  forgetOld();
  forgetEachMidnight();
  console.log(`ready: ${address}`);
});
