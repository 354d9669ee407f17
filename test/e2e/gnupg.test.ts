import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceState } from '../../sdk/index.ts';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What we seal, GnuPG opens; what GnuPG seals, we open: the messages are OpenPGP and nothing of our own. */
describe('GnuPG in the place of a phone', () => {
  let stack: Stack;
  let home: string;

  beforeAll(async () => {
    stack = await startStack();
    home = mkdtempSync(join(tmpdir(), 'gpg-'));
  });
  afterAll(async () => {
    gpgconf('--kill', 'all');
    rmSync(home, { recursive: true, force: true });
    await stack?.stop();
  });

  const gpgconf = (...args: string[]) => execFileSync('gpgconf', ['--homedir', home, ...args]);
  const gpg = (args: string[], input: string) =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--yes', '--trust-model', 'always', ...args], {
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
    }).toString();
  const fingerprintsOf = () =>
    [...gpg(['--list-keys', '--with-colons'], '').matchAll(/^pub:[^\n]*\n(?:[^\n]*\n)*?fpr:+([0-9A-F]{40}):/gm)].map(
      (match) => match[1] as string,
    );

  it('reads the challenge, and its answer is taken', async () => {
    const phone = await stack.enrolPhone('gnupg');
    const state = (await phone.store.load()) as DeviceState;
    gpg(['--import'], state.keys.pgpPrivateKey);
    const [own] = fingerprintsOf();
    gpg(['--import'], state.enrolment?.serverPgpPublicKey as string);
    const server = fingerprintsOf().find((fingerprint) => fingerprint !== own) as string;

    const raw = await createRawPhone(stack.apiUrl, phone);
    const transactionId = await stack.begin(phone, { secure_message: 'Für GnuPG: 10 €' });
    const fetched = await raw.request('POST', `/device/v1/transactions/${transactionId}/fetch`, {
      requestId: 'a-request-of-gnupg',
    });
    const statusFile = join(home, 'status');
    const opened = gpg(['--status-file', statusFile, '--decrypt'], fetched.body.message);
    const challenge = JSON.parse(opened);
    expect(challenge).toMatchObject({ purpose: 'challenge', message: 'Für GnuPG: 10 €' });
    expect(Buffer.byteLength(opened) % 256).toBe(0);
    expect(readFileSync(statusFile, 'utf8')).toMatch(new RegExp(`VALIDSIG ${server}`));

    const answer = {
      ...{ purpose: 'answer', transactionId, enrolmentId: raw.enrolmentId, decision: 'approve' },
      nonce: challenge.nonce,
    };
    const sealed = gpg(
      ['--armor', '--local-user', own as string, '--recipient', server, '--sign', '--encrypt'],
      JSON.stringify(answer),
    );
    const reply = await raw.answer(transactionId, sealed);
    expect(reply.status).toBe(200);
    expect(JSON.parse(gpg(['--decrypt'], reply.body.message))).toMatchObject({ status: 'approved' });
  });
});
