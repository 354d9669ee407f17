import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockFileOf, withMovableClock } from '../../faults/clock/with-movable-clock.ts';

const HOUR_MS = 3_600_000;
/** Far more than a message to the process and back takes, and far less than an hour. */
const NEAR_MS = 600_000;

const folder = mkdtempSync(join(tmpdir(), 'countersign-clock-'));
const script = join(folder, 'clock.mjs');
writeFileSync(
  script,
  `import { createServer } from 'node:http';
const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1', () => process.send([]));
process.on('message', async () => {
  const { headers } = await fetch('http://127.0.0.1:' + server.address().port, { headers: { connection: 'close' } });
  process.send([Date.now(), new Date().getTime(), Date.parse(headers.get('date'))]);
});
process.on('disconnect', () => process.exit());`,
);
afterAll(() => rmSync(folder, { recursive: true }));

it('moves the clock of a running process, and puts it right again', async () => {
  const child = fork(script, { env: { ...process.env, ...withMovableClock(folder, 'child') } });
  await once(child, 'message');
  /** Asks until all ways to tell the time, also to others by HTTP, are off by this. */
  async function untilOffBy(ms: number): Promise<void> {
    for (;;) {
      const said = once(child, 'message');
      child.send('?');
      const [times] = (await said) as [number[]];
      if (times.every((time) => Math.abs(time - Date.now() - ms) < NEAR_MS)) return;
    }
  }
  await untilOffBy(0);
  for (const ms of [HOUR_MS, -HOUR_MS]) {
    writeFileSync(clockFileOf(folder, 'child'), String(ms));
    child.kill('SIGUSR2');
    await untilOffBy(ms);
  }
  rmSync(clockFileOf(folder, 'child'));
  child.kill('SIGUSR2');
  await untilOffBy(0);
  child.disconnect();
});
