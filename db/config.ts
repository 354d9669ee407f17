import { checkPushSettings } from '../activities/adapters/push-providers.ts';
import { runConfigurationCommand } from './configuration-file/command.ts';

if (import.meta.main) {
  process.exitCode = await runConfigurationCommand(process.argv.slice(2), {
    env: process.env,
    checks: { pushSettings: checkPushSettings },
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
}
