import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Stack, startStack } from '../support/stack.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/answer-requests.ts');

describe('the example', () => {
  let stack: Stack;
  let folder: string;
  beforeAll(async () => {
    stack = await startStack();
    folder = mkdtempSync(join(tmpdir(), 'countersign-example-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await stack?.stop();
  });

  /** Runs it with a user who types these lines; what it prints, line by line. */
  const run = async (typed: readonly string[], ...args: string[]): Promise<string[]> => {
    const store = join(folder, 'phone.json');
    const child = spawn(process.execPath, [EXAMPLE, '--server', stack.apiUrl, '--store', store, ...args]);
    child.stdin.end(`${typed.join('\n')}\n`);
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    const code = await new Promise((done) => child.on('close', done));
    const lines = Buffer.concat(output).toString().trimEnd().split('\n');
    expect({ code, lines }).toMatchObject({ code: 0 });
    return lines;
  };

  it('enrols, and answers what waits by confirmation, PIN and number', async () => {
    const ticket = join(folder, 'ticket.json');
    writeFileSync(ticket, JSON.stringify((await stack.portal.ticket('example')).body));
    const minted = await fetch(`${stack.fcm.url}/simulator/registrations`, { method: 'POST' });
    const { token } = (await minted.json()) as { token: string };
    expect(await run(['48151'], '--ticket', ticket, '--push-token', token)).toEqual([
      'Enrolled for example.',
      'Choose a PIN:',
    ]);

    const [device] = await stack.database.knex('enrolments').where({ user_id: 'example' });
    const begin = async (type: string) => {
      const { body } = await stack.portal.begin({
        ...{ type, user_id: 'example', device_id: device.device_id, message: 'Pay?' },
        callback_uri: stack.callbacks.url,
      });
      return body;
    };
    const statusOf = async (transactionId: string) => (await stack.portal.result(transactionId)).body.status;

    // Answered newest first.
    const denied = await begin('push');
    const byNumber = await begin('push-number');
    const byPin = await begin('push-pin');
    const finger = await begin('push-fingerprint');
    const output = await run(['48151', '99913', '48151', byNumber.number, 'no']);
    expect(output).toEqual([
      'The PIN stands in (9022).',
      'example: Pay? PIN, or nothing to call it off:',
      'approved',
      'example: Pay? PIN, or nothing to call it off:',
      'Wrong. Attempts left: 2.',
      'example: Pay? PIN, or nothing to call it off:',
      'approved',
      'example: Pay? The number on the screen, or nothing to call it off:',
      'approved',
      'example: Pay? [yes/no]',
      'denied',
    ]);
    const statuses = [];
    for (const { transaction_id } of [finger, byPin, byNumber, denied]) statuses.push(await statusOf(transaction_id));
    expect(statuses).toEqual(['approved', 'approved', 'approved', 'denied']);
  }, 180_000);
});
