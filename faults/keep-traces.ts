import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathsIn } from '../dev/data-folder.ts';
import { workflowIdOf } from '../workflows/contract.ts';
import type { Stage } from './stage.ts';

const { historyToJSON } = createRequire(import.meta.url)('@temporalio/common/lib/proto-utils.js');
const TRANSACTION_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** More than that tell nothing more. */
const MOST_HISTORIES = 20;
const READ_DEADLINE_MS = 10_000;

/**
 * What is needed to find out why something did not hold, in a new folder that outlives the run: the logs of all processes,
 * and what Temporal has of each transaction that is named, its history included. Returns the folder.
 */
export async function keepTraces(stage: Stage, breaches: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-broken-'));
  cpSync(pathsIn(stage.dataDir).logs, join(folder, 'logs'), { recursive: true });
  mkdirSync(join(folder, 'workflows'));
  const named = new Set(breaches.flatMap((breach) => breach.match(TRANSACTION_ID) ?? []));
  for (const id of [...named].slice(0, MOST_HISTORIES)) {
    const story = JSON.stringify(await readWorkflow(stage, id), undefined, 2);
    writeFileSync(join(folder, 'workflows', `${id}.json`), `${story}\n`);
  }
  return folder;
}

async function readWorkflow({ temporal }: Stage, transactionId: string): Promise<object> {
  const handle = temporal.workflow.getHandle(workflowIdOf(transactionId));
  try {
    return await temporal.withDeadline(Date.now() + READ_DEADLINE_MS, async () => {
      const { raw } = await handle.describe();
      return { description: raw, history: JSON.parse(historyToJSON(await handle.fetchHistory())) };
    });
  } catch (error) {
    // That there is none, or that it can not be read, is what was to be known.
    return { error: String(error) };
  }
}
