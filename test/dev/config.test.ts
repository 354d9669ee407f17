import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { pathsIn, prepareDataFolder } from '../../dev/data-folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let dataDir: string;

beforeEach(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'countersign-data-'));
  prepareDataFolder(dataDir);
});

afterEach(async () => {
  rmSync(dataDir, { recursive: true });
  await database.drop();
});

function config(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const options = { env: { PATH: process.env.PATH, COUNTERSIGN_DATA: dataDir } };
  return new Promise((resolve) => {
    execFile(process.execPath, ['dev/config.ts', ...args], options, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

it('works on what npm start runs, without being told where that is', async () => {
  writeFileSync(pathsIn(dataDir).encryptionKey, `k1:${randomBytes(32).toString('base64')}`);
  // All that the command reads of it.
  writeFileSync(pathsIn(dataDir).demo, JSON.stringify({ database: database.url }));
  const path = join(dataDir, 'config.yaml');
  writeFileSync(path, stringify({ applications: [{ id: 'bank', name: 'Bank' }] }));
  expect(await config('apply', path, '--yes')).toMatchObject({
    code: 0,
    out: '+ applications bank\nDone: 1 changed.\n',
  });
  const exported = await config('export');
  expect(parse(exported.out).applications).toMatchObject([{ id: 'bank' }]);
});

it('says what is missing where nothing was started', async () => {
  expect(await config('export')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('DATABASE_URL') });
});
