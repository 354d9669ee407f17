import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a process that uses the logger writes to its standard output, line by line, as parsed and as text. */
async function linesOf(statements: string, level = 'info') {
  const program = `
    import { createLogger } from './runtime/logger.ts';
    import { AppError, MobileAuthenticationError } from './runtime/errors.ts';
    const logger = createLogger('test', '${level}');
    ${statements}`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { text: stdout, lines: lines.map((line) => JSON.parse(line)) };
}

const SECRET_NAMES = [
  'authorization',
  'cookie',
  'answer',
  'message',
  'secureMessage',
  'secure_message',
  'signingData',
  'signing_data',
  'phoneNumber',
  'phone_number',
  'pushToken',
  'secret',
  'client_secret',
  'clientSecret',
  'push_token',
  'accessToken',
  'newKeyProof',
  'password',
  'pin',
  'code',
  'otp',
  'nonce',
];

it('blots out every secret field, at the top and up to three levels below', async () => {
  const { text, lines } = await linesOf(`
    for (const name of ${JSON.stringify(SECRET_NAMES)}) {
      const secret = { [name]: 'SENTINEL' };
      logger.info({ ...secret, a: { ...secret, b: { ...secret, c: secret } }, list: [secret, { deeper: secret }] }, name);
    }`);
  expect(lines.map(({ msg }) => msg)).toStrictEqual(SECRET_NAMES);
  expect(text).not.toContain('SENTINEL');
  for (const line of lines) expect(line[line.msg]).toBe('[redacted]');
});

it('blots out secrets that a child logger carries with it', async () => {
  const { text, lines } = await linesOf(`
    logger.child({ pushToken: 'SENTINEL', request: { headers: { authorization: 'SENTINEL' } } }).info('hello');`);
  expect(lines).toMatchObject([{ msg: 'hello', pushToken: '[redacted]' }]);
  expect(text).not.toContain('SENTINEL');
});

it('keeps what is no secret', async () => {
  const { lines } = await linesOf(`logger.info({ transactionId: 't1', attempt: { number: 2 } }, 'sent');`);
  expect(lines).toMatchObject([
    { process: 'test', level: 30, msg: 'sent', transactionId: 't1', attempt: { number: 2 } },
  ]);
});

it('tells of a foreign error its kind, code, place and causes, and never its message, which may quote input', async () => {
  const { text, lines } = await linesOf(`
    const cause = Object.assign(new TypeError('SENTINEL in the cause'), { code: 'ECONNREFUSED' });
    logger.error({ err: new Error('SENTINEL in the message', { cause }) }, 'it broke');`);
  expect(text).not.toContain('SENTINEL');
  expect(lines).toMatchObject([
    { msg: 'it broke', err: { kind: 'Error', cause: { kind: 'TypeError', errorCode: 'ECONNREFUSED' } } },
  ]);
  expect(lines[0].err.frames[0]).toMatch(/^at /);
});

it('tells the message of our own errors, which name fields and no values', async () => {
  const { lines } = await linesOf(`
    logger.error({ err: new AppError('request_invalid', 'device.id') }, 'refused');
    logger.error({ err: new MobileAuthenticationError(1003, 'callback_uri') }, 'refused');`);
  expect(lines).toMatchObject([
    { err: { kind: 'AppError', errorCode: 'request_invalid', text: 'request_invalid: device.id' } },
    { err: { kind: 'MobileAuthenticationError', errorCode: 1003, text: '1003: callback_uri' } },
  ]);
});

it('tells of a thrown value that is no error only what it is', async () => {
  const { text, lines } = await linesOf(`logger.error({ err: 'SENTINEL' }, 'it broke');`);
  expect(text).not.toContain('SENTINEL');
  expect(lines).toMatchObject([{ err: { kind: 'string' } }]);
});

it('does not tell the message of an error that is logged without a text of our own', async () => {
  const { text } = await linesOf(`logger.error(new Error('SENTINEL'));`);
  expect(text).not.toContain('SENTINEL');
});

it('does not take lines of a message for places in the code', async () => {
  const { text } = await linesOf(`logger.error({ err: new Error('first\\n    at SENTINEL') }, 'it broke');`);
  expect(text).not.toContain('SENTINEL');
});

it('writes from the configured level on', async () => {
  const statements = `logger.debug('a'); logger.info('b'); logger.warn('c'); logger.error('d');`;
  expect((await linesOf(statements, 'warn')).lines.map(({ msg }) => msg)).toStrictEqual(['c', 'd']);
  expect((await linesOf(statements, 'silent')).lines).toStrictEqual([]);
});

it('blots out secrets that a child of a child carries, and shows nothing that lies too deep', async () => {
  const { text, lines } = await linesOf(`
    const deep = { a: { b: { c: { d: { e: { f: { pin: 'SENTINEL' } } } } } } };
    logger.child({ name: 'one' }).child({ list: [{ otp: 'SENTINEL' }] }).info({ ...deep, at: new Date(0) }, 'hello');`);
  expect(text).not.toContain('SENTINEL');
  expect(lines).toMatchObject([{ name: 'one', list: [{ otp: '[redacted]' }], at: '1970-01-01T00:00:00.000Z' }]);
});

describe('a log that can not be written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-log-'));
  const file = join(folder, 'log');
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The file's lines, of a process whose log must not grow past `blocks` of 512 or 1,024 bytes, and may be emptied. */
  async function linesWithin(blocks: number, statements: string): Promise<{ msg: string; lines?: number }[]> {
    rmSync(file, { force: true });
    const program = `
      import { ftruncateSync, readFileSync } from 'node:fs';
      import { createLogger } from './runtime/logger.ts';
      const logger = createLogger('test', 'info');
      const makeRoom = () => ftruncateSync(1, 0);
      ${statements}`;
    const script = 'ulimit -f "$1" && exec "$2" --input-type=module --eval "$3" >> "$4"';
    await run('sh', ['-c', script, 'sh', String(blocks), process.execPath, program, file]);
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    // Room is made by taking what was written, so that the first line may be the end of one.
    return lines.slice(1).map((line) => JSON.parse(line));
  }

  it('ends no process, and is made up for when it can be written again', async () => {
    const lines = await linesWithin(
      8,
      `for (let count = 0; count < 100; count += 1) logger.info('before');
       makeRoom();
       logger.info('after');`,
    );
    expect(lines.at(-1)).toMatchObject({ msg: 'after' });
    expect(lines.at(-2)).toMatchObject({ msg: 'before' });
  });

  it('loses no more than does not fit into memory, and says how many lines', async () => {
    const lines = await linesWithin(
      512,
      `const isTold = () => readFileSync('${file}', 'utf8').includes('lines of the log were lost');
       for (let count = 0; count < 20_000; count += 1) logger.info('before');
       for (let count = 0; count < 10 && !isTold(); count += 1) {
         makeRoom();
         logger.info('after');
       }`,
    );
    expect(lines.find(({ msg }) => msg === 'lines of the log were lost')?.lines).toBeGreaterThan(1_000);
  });
});
