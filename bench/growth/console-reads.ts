import { performance } from 'node:perf_hooks';
import { type Percentiles, percentilesOf } from '../percentiles.ts';
import type { Stage } from '../set-stage.ts';

const TIMES = 20;
const DEADLINE_MS = 30_000;

/** One question of the operators' pages. */
export interface ConsoleRead {
  readonly question: string;
  /** In ms, from the request to the whole reply, one after the other. */
  readonly latency: Percentiles;
}

/** What the console's pages ask, each many times; nothing where this API does not have them. Throws for any other refusal. */
export async function readConsole({ portalClient, database }: Stage): Promise<readonly ConsoleRead[]> {
  const { apiUrl, id, secret } = portalClient;
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const [newest] = await database('transactions').where({ status: 'approved' }).orderBy('created_at', 'desc').limit(1);
  const from = Date.now() - 3_600_000;
  const questions = {
    'newest transactions': '/admin/v1/transactions',
    'of one user': `/admin/v1/transactions?userId=${newest.user_id}`,
    'of one device': `/admin/v1/transactions?deviceId=${newest.device_id}`,
    'of one type': `/admin/v1/transactions?type=${newest.type_name}`,
    'of one status': '/admin/v1/transactions?status=approved',
    'of a status that is rare': '/admin/v1/transactions?status=cancelled',
    'of the last hour': `/admin/v1/transactions?from=${from}`,
    'one transaction': `/admin/v1/transactions/${newest.id}`,
    'one user': `/admin/v1/users/${newest.user_id}/summary`,
    'health of an hour': '/admin/v1/health?window=hour',
    'health of a day': '/admin/v1/health?window=day',
  };
  const reads: ConsoleRead[] = [];
  for (const [question, path] of Object.entries(questions)) {
    const times: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const sentAtMs = performance.now();
      const response = await fetch(apiUrl + path, {
        headers: { authorization },
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      await response.arrayBuffer();
      // The path of one transaction may be there for its cancelling alone.
      if (response.status === 404 || response.status === 405) break;
      if (!response.ok) throw new Error(`${path}: status ${response.status}`);
      times.push(performance.now() - sentAtMs);
    }
    if (times.length > 0) reads.push({ question, latency: percentilesOf(times) });
  }
  return reads;
}
