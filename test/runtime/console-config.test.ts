import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { makeLocalAccount } from '../../api/console/make-local-account.ts';
import { loadApiConfig } from '../../runtime/config.ts';

const API_ENV = {
  DATABASE_URL: 'postgres://user:secret@127.0.0.1/countersign',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  PUBLIC_URL: 'https://auth.example',
};
const load = (env: Readonly<Record<string, string>>) => loadApiConfig({ ...API_ENV, ...env });
const ACCOUNT = makeLocalAccount('carol', 'countersign_operator', 'a password of twenty');

/** Runs the command with this password on its standard input. */
async function makeAccount(args: readonly string[], password: string) {
  const child = spawn(process.execPath, ['api/console-account.ts', ...args]);
  const code = new Promise((resolve) => child.once('close', resolve));
  child.stdin.end(`${password}\n`);
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, error };
}

describe('the configuration of the console', () => {
  it('has nobody who may log in, unless it says so', () => {
    const config = load({});
    expect([config.CONSOLE_LOCAL_ACCOUNT, config.CONSOLE_OIDC_ISSUER, config.TEMPORAL_UI_URL]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
    expect(config.CONSOLE_OIDC_ROLES_CLAIM).toBe('roles');
  });

  it('takes an account as the command makes it, which prints no password', async () => {
    const made = await makeAccount(['carol', 'countersign_helpdesk'], 'a password of twenty');
    expect(made).toMatchObject({ code: 0, error: '' });
    expect(made.out).not.toContain('a password of twenty');
    expect(load({ CONSOLE_LOCAL_ACCOUNT: made.out.trim() }).CONSOLE_LOCAL_ACCOUNT).toEqual({
      ...{ name: 'carol', scope: 'countersign_helpdesk' },
      passwordHash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
    });
  });

  it.each<[string[], string]>([
    [[], 'a password of twenty'],
    [['carol'], 'a password of twenty'],
    [['carol', 'onegini_api_events'], 'a password of twenty'],
    [['a:b', 'countersign_operator'], 'a password of twenty'],
    [['carol', 'countersign_operator'], 'short'],
  ])('has a command that refuses %j with the password %s', async (args, password) => {
    expect(await makeAccount(args, password)).toMatchObject({ code: 2, out: '', error: expect.stringMatching(/\w/) });
  });

  it.each([
    ['a name alone', 'carol'],
    ['no hash', 'carol:countersign_operator:'],
    ['a password', 'carol:countersign_operator:secret'],
    ['no name', ACCOUNT.replace('carol', '')],
    ['a scope of portals', ACCOUNT.replace('countersign_operator', 'onegini_api_events')],
    ['another hash', ACCOUNT.replace('argon2id', 'argon2i')],
    ['more behind it', `${ACCOUNT}:more`],
  ])('refuses an account with %s, and does not print it', (_what, account) => {
    const refused = () => load({ CONSOLE_LOCAL_ACCOUNT: account });
    expect(refused).toThrow('CONSOLE_LOCAL_ACCOUNT: must be name:scope:hash');
    expect(refused).not.toThrow(account);
  });

  it('asks for all of an identity provider, by https', () => {
    expect(() => load({ CONSOLE_OIDC_ISSUER: 'https://idp.example' })).toThrow(
      'CONSOLE_OIDC_CLIENT_ID, CONSOLE_OIDC_CLIENT_SECRET: to be set with the others of its kind',
    );
    expect(() => load({ CONSOLE_OIDC_ISSUER: 'http://idp.example' })).toThrow('CONSOLE_OIDC_ISSUER: must be https');
    const all = { CONSOLE_OIDC_CLIENT_ID: 'console', CONSOLE_OIDC_CLIENT_SECRET: 'secret' };
    for (const CONSOLE_OIDC_ISSUER of ['https://idp.example/realms/a', 'http://127.0.0.1:9000']) {
      expect(load({ ...all, CONSOLE_OIDC_ISSUER })).toMatchObject({ CONSOLE_OIDC_ISSUER });
    }
  });

  it('takes the address of the Temporal UI without the slash at its end', () => {
    expect(load({ TEMPORAL_UI_URL: 'https://temporal.example/ui//' }).TEMPORAL_UI_URL).toBe(
      'https://temporal.example/ui',
    );
  });
});
