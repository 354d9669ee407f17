import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { NOTHING_RUNS, pathsIn, prepareDataFolder, writeDemoFile } from '../../dev/data-folder.ts';
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
  writeDemoFile(dataDir, {
    api: 'http://127.0.0.1:1',
    temporal: { address: '127.0.0.1:1', namespace: 'default', taskQueue: 'countersign', ui: null },
    database: database.url,
    fcm: 'http://127.0.0.1:1',
    twilio: 'http://127.0.0.1:1',
    apns: 'http://127.0.0.1:1',
    codec: null,
    client: { id: 'demo-portal', secret: 'secret' },
    types: [],
    application: 'demo-app',
    pids: NOTHING_RUNS,
    ports: {
      api: 1,
      simulator: 1,
      twilio: 1,
      apns: 1,
      apnsProduction: 1,
      apnsDevelopment: 1,
      codec: 1,
      temporal: 1,
      temporalUi: 1,
      postgres: 1,
    },
  });
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
