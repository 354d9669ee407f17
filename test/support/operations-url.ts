import { setImmediate as turn } from 'node:timers/promises';
import type { TestProcess } from './child.ts';

/** Where a worker says that its health and metrics are; the line may come after the word that it is ready. */
export async function operationsUrlOf(worker: TestProcess): Promise<string> {
  let port: string | undefined;
  while (port === undefined) {
    port = /"operations":\{[^}]*"port":(\d+)/.exec(worker.output())?.[1];
    await turn();
  }
  return `http://127.0.0.1:${port}`;
}
