/**
 * Replays histories with the workflow code of this tree: `node test/replay/replay-histories.ts FILE…`, one line of JSON
 * for each: `{"file","error"}`. In a process of its own, because the SDK's promise hook stays in the process that
 * replayed, and troubles whatever runs there afterwards.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { parseKeyring } from '../../runtime/keyring.ts';
import { dataConverterFor } from '../../runtime/temporal.ts';
import { REPLAY_ENCRYPTION_KEYS } from './encryption-key.ts';

const logger = new DefaultLogger('ERROR');
Runtime.install({ logger });
const dataConverter = dataConverterFor({ ENCRYPTION_KEYS: parseKeyring(REPLAY_ENCRYPTION_KEYS) });
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
  ...(dataConverter.failureConverterPath && { failureConverterPath: dataConverter.failureConverterPath }),
  logger,
});
const modules = workflowBundle.code.match(/\.\/(activities|api|db|runtime|worker)\/[\w-]+\.(ts|cjs)/g) ?? [];
const libraries = workflowBundle.code.match(/node_modules\/(?:@[\w-]+\/)?[\w-]+/g) ?? [];
process.stdout.write(`${JSON.stringify({ modules: [...new Set(modules)], libraries: [...new Set(libraries)] })}\n`);
for (const file of process.argv.slice(2)) {
  const history: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const error = await Worker.runReplayHistory({ workflowBundle, dataConverter, replayName: 'replay' }, history).then(
    () => null,
    (failure: Error) => failure.name,
  );
  process.stdout.write(`${JSON.stringify({ file, error })}\n`);
}
