/** `node bench/push/main.ts`: 10,000 pushes by each client, against the service simulated in another process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDataFolder } from '../../dev/data-folder.ts';
import { renderTable } from '../table.ts';
import { APNS_CONTENDERS } from './apns-contenders.ts';
import type { PushContender } from './contender.ts';
import { FCM_CONTENDERS } from './fcm-contenders.ts';
import { measurePushes, type PushRates } from './measure-pushes.ts';

const COUNTS = { warmUp: 2_000, measured: 10_000, concurrency: 50 } as const;
/** In turns, so that what else the machine does falls upon all alike. */
const ROUNDS = 3;
const CONTENDERS: readonly PushContender[] = [...FCM_CONTENDERS, ...APNS_CONTENDERS];

async function measure({ prepare }: PushContender, signal: AbortSignal): Promise<PushRates> {
  const closing = new AsyncDisposableStack();
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'countersign-push-bench-'));
    closing.defer(() => rm(dataDir, { recursive: true, force: true }));
    prepareDataFolder(dataDir);
    return await measurePushes(await prepare({ dataDir, closing, signal }), COUNTS, signal);
  } finally {
    await closing.disposeAsync();
  }
}

async function main(): Promise<void> {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => stopping.abort(new Error(`Stopped: ${name}.`)));
  const rows: string[][] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const contender of CONTENDERS) {
      const { perSecond, p50Ms, p99Ms, cpuMsPerPush } = await measure(contender, stopping.signal);
      rows.push([
        contender.name,
        String(round),
        perSecond.toFixed(0),
        p50Ms.toFixed(1),
        p99Ms.toFixed(1),
        cpuMsPerPush.toFixed(3),
      ]);
      console.error(`${contender.name}, round ${round} of ${ROUNDS}: ${perSecond.toFixed(0)} pushes/s`);
    }
  }
  console.log(`${COUNTS.measured} pushes each, ${COUNTS.concurrency} at once, client and service on this machine`);
  console.log(renderTable(['client', 'round', 'pushes/s', 'p50 ms', 'p99 ms', 'client CPU ms'], rows).join('\n'));
}

await main();
