import { checkPushSettings } from '../activities/adapters/push-providers.ts';
import { runConfigurationCommand } from '../db/configuration-file/command.ts';
import { dataFolderOf, readDemoFile } from './data-folder.ts';
import { encryptionKeysOf } from './demo-keys.ts';

/** `DATABASE_URL` and `ENCRYPTION_KEYS`, or else those of what `npm start` runs. */
function environment(): NodeJS.ProcessEnv {
  if (process.env.DATABASE_URL) return process.env;
  const dataDir = dataFolderOf(process.env);
  const demo = readDemoFile(dataDir);
  if (!demo) return process.env;
  return { ...process.env, DATABASE_URL: demo.database, ENCRYPTION_KEYS: encryptionKeysOf(dataDir, process.env) };
}

process.exitCode = await runConfigurationCommand(process.argv.slice(2), {
  env: environment(),
  checks: { pushSettings: checkPushSettings },
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
