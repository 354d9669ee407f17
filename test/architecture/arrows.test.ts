import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = process.cwd();
const FOLDERS = ['workflows', 'activities', 'api', 'worker', 'db', 'runtime', 'sdk', 'dev', 'bench', 'web'];
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** One line that breaks each rule, and the rule that must see it. */
const VIOLATIONS: readonly (readonly [file: string, line: string, rule: string])[] = [
  ['workflows/domain/transaction.ts', "import 'node:fs';", 'domain-is-pure'],
  ['workflows/mailbox.ts', "import 'zod';", 'workflows-are-deterministic'],
  ['workflows/narrate.ts', "import '../runtime/errors.ts';", 'workflows-are-deterministic'],
  ['activities/send-push.ts', "import '../db/knex.ts';", 'activities-see-ports-and-domain'],
  ['activities/send-push.ts', "import '../runtime/config.ts';", 'only-adapters-see-runtime'],
  ['db/callback-log.ts', "import '../api/server.ts';", 'db-implements-ports'],
  ['api/server.ts', "import '../db/knex.ts';", 'api-meets-the-database-in-main'],
  ['api/server.ts', "import '../activities/adapters/push-dry-run.ts';", 'api-meets-adapters-in-main'],
  ['api/routes/device/enrol.ts', "import '@temporalio/client';", 'api-has-one-door-to-temporal'],
  ['api/server.ts', "import '../workflows/authenticate.ts';", 'api-sees-contract-and-domain'],
  ['runtime/errors.ts', "import '../api/problem.ts';", 'runtime-is-below-everything'],
  ['runtime/device-wire/otp.ts', "import '../openpgp.ts';", 'the-wire-sees-itself-alone'],
  ['runtime/otp.ts', "import './device-wire/otp.ts';", 'the-wire-has-one-door'],
  ['sdk/seal.ts', "import '../runtime/openpgp.ts';", 'sdk-sees-the-wire-alone'],
  ['web/phone/phones.ts', "import '../../api/no-store.ts';", 'web-sees-sdk-and-wire'],
  ['api/no-store.ts', "import '../web/kit/theme.ts';", 'nobody-sees-web'],
  ['sdk/seal.ts', "import 'node:fs';", 'sdk-runs-in-browsers'],
  ['api/main.ts', "import '../worker/worker.ts';", 'worker-is-seen-by-nobody'],
  ['db/knex.ts', "import '../dev/demo-data.ts';", 'nothing-of-the-product-sees-dev'],
  ['runtime/keyring.ts', "import './sealing.ts';", 'no-circles'],
];

async function cruise(folder: string): Promise<{ code: number; output: string }> {
  const config = join(ROOT, '.dependency-cruiser.json');
  try {
    const { stdout } = await run(process.execPath, [CRUISER, '--config', config, ...FOLDERS], { cwd: folder });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, output: stdout };
  }
}

describe('the arrows between the folders', () => {
  it('hold', async () => {
    const { code, output } = await cruise(ROOT);
    expect(output).toContain('no dependency violations');
    expect(code).toBe(0);
  });

  it('would be seen to break', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-arrows-'));
    try {
      for (const name of FOLDERS) await cp(join(ROOT, name), join(folder, name), { recursive: true });
      await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      for (const [file, line] of VIOLATIONS) await writeFile(join(folder, file), `${line}\n`, { flag: 'a' });
      const { code, output } = await cruise(folder);
      const seen = VIOLATIONS.filter(([file, , rule]) => output.includes(`error ${rule}: ${file} `));
      expect(seen).toEqual(VIOLATIONS);
      expect(code).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
