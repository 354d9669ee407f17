import { runConfigurationCommand } from './configuration-file/command.ts';

if (import.meta.main) {
  process.exitCode = await runConfigurationCommand(process.argv.slice(2), {
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
}
