import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/portal-login.ts');
const DAY_MS = 24 * 60 * 60 * 1_000;

describe('the example of a portal', () => {
  let stack: Stack;
  let phone: Phone;
  let folder: string;
  let portal: ChildProcess;
  let address: string;
  const lines: string[] = [];

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('alice');
    folder = mkdtempSync(join(tmpdir(), 'countersign-portal-'));
    const store = join(folder, 'portal.db');
    const rows = new DatabaseSync(store);
    rows.exec(`create table mobile_auth_transactions
      (id text primary key, browser text unique, begun_at_ms integer, ends_at_ms integer, status text)`);
    const insert = rows.prepare('insert into mobile_auth_transactions values (?, ?, ?, ?, ?)');
    insert.run('old', 'old', Date.now() - DAY_MS - 1, 0, 'expired');
    insert.run('of-today', 'of-today', Date.now() - DAY_MS / 2, 0, 'expired');
    rows.close();
    const { id, secret } = stack.portal.credentials;
    const args = [EXAMPLE, '--server', stack.apiUrl, '--client', id, '--store', store];
    portal = spawn(process.execPath, args, {
      env: { ...process.env, PORTAL_SECRET: secret },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    address = await new Promise((found, failed) => {
      portal.once('exit', () => failed(new Error(`the portal ended: ${lines.join(' | ')}`)));
      createInterface({ input: portal.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        lines.push(line);
        if (line.startsWith('ready: ')) found(line.slice('ready: '.length));
      });
    });
  });
  afterAll(async () => {
    if (portal?.exitCode === null) {
      portal.kill();
      await once(portal, 'exit');
    }
    if (folder) rmSync(folder, { recursive: true });
    await stack?.stop();
  });

  /** A browser: keeps its cookies. */
  const aBrowser = (cookies: Readonly<Record<string, string>> = {}) => {
    const jar = new Map(Object.entries(cookies));
    return async (method: string, path: string, form?: Record<string, string>) => {
      const response = await fetch(address + path, {
        method,
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(form && { body: new URLSearchParams(form) }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] as string).split('=');
        jar.set(name, value);
      }
      return { status: response.status, body: await response.json() };
    };
  };
  const answer = async (decide: (transactionId: string) => Promise<unknown>) => {
    const [pending] = await phone.client.pending();
    await decide(pending?.transactionId as string);
  };
  const approve = async (id: string) => phone.client.approve(await phone.client.fetchChallenge(id));

  it('forgets its rows of the day before when it starts', () => {
    expect(lines[0]).toBe('rows forgotten: 1');
  });

  it('logs in whoever approves, and asks once what reaches them', async () => {
    const browse = aBrowser();
    const asked = () => lines.filter((line) => line === 'asked what reaches alice').length;
    const before = asked();
    for (const round of [1, 2]) {
      expect(await browse('POST', '/login', { user: 'alice' })).toEqual({ status: 202, body: { status: 'pending' } });
      const outcome = browse('GET', '/login');
      await answer(approve);
      expect({ round, ...(await outcome) }).toEqual({ round, status: 200, body: { status: 'logged in' } });
      expect(asked()).toBe(before + 1);
    }
  });

  it('finds out anew what reaches a user when what it knew is true no more', async () => {
    const browse = aBrowser({ phone: `alice|push|${'0'.repeat(64)}` });
    expect(await browse('POST', '/login', { user: 'alice' })).toMatchObject({ status: 502 });
    expect(await browse('POST', '/login', { user: 'alice' })).toMatchObject({ status: 202 });
    const outcome = browse('GET', '/login');
    await answer(approve);
    expect(await outcome).toMatchObject({ body: { status: 'logged in' } });
  });

  it('logs nobody in who refuses, in another browser, or has no phone', async () => {
    const browse = aBrowser();
    await browse('POST', '/login', { user: 'alice' });
    const outcome = browse('GET', '/login');
    await answer((id) => phone.client.deny(id));
    expect(await outcome).toEqual({ status: 200, body: { status: 'denied' } });
    const other = aBrowser();
    expect(await other('GET', '/login')).toMatchObject({ status: 404 });
    expect(await other('POST', '/login', { user: 'nobody' })).toMatchObject({ status: 404 });
  });
});
