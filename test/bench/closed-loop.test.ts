import { runClosedLoop } from '../../bench/closed-loop.ts';

const neverStopped = new AbortController().signal;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a closed loop', () => {
  it('keeps as many going as it was told, each slot one at a time', async () => {
    const running = [0, 0, 0];
    let most = 0;
    const { outcomes, measuredMs } = await runClosedLoop({
      concurrency: 3,
      warmUpMs: 1,
      measureMs: 20,
      async runOnce(slot) {
        expect(running[slot]).toBe(0);
        running[slot] = 1;
        most = Math.max(
          most,
          running[0] as number,
          running.reduce((sum, one) => sum + one, 0),
        );
        await nextTurn();
        running[slot] = 0;
        return slot;
      },
      readMeters: async () => undefined,
      signal: neverStopped,
    });
    expect(most).toBe(3);
    expect(new Set(outcomes)).toEqual(new Set([0, 1, 2]));
    expect(measuredMs).toBeGreaterThanOrEqual(19);
  });

  it('counts only what ends within the measurement', async () => {
    const gates = { begin: Promise.withResolvers<void>(), end: Promise.withResolvers<void>() };
    let runs = 0;
    let readings = 0;
    const { outcomes } = await runClosedLoop({
      concurrency: 1,
      warmUpMs: 1,
      measureMs: 1,
      async runOnce() {
        runs += 1;
        await (runs === 1 ? gates.begin.promise : gates.end.promise);
        return runs;
      },
      async readMeters() {
        readings += 1;
        // The first run ends while the warm-up lasts, the second one after the measurement.
        gates[readings === 1 ? 'begin' : 'end'].resolve();
        await nextTurn();
      },
      signal: neverStopped,
    });
    expect(runs).toBe(2);
    expect(outcomes).toEqual([]);
  });

  it('fails with the first failure of a run, at once and after the others have ended', async () => {
    let ended = 0;
    const loop = runClosedLoop({
      concurrency: 2,
      warmUpMs: 3_600_000,
      measureMs: 1,
      async runOnce(slot) {
        await nextTurn();
        if (slot === 0) throw new Error('the phone was not asked');
        await nextTurn();
        ended += 1;
      },
      readMeters: async () => undefined,
      signal: neverStopped,
    });
    await expect(loop).rejects.toThrow('the phone was not asked');
    expect(ended).toBeGreaterThan(0);
  });

  it('stops when it is told to, with the reason it was given', async () => {
    const stopping = new AbortController();
    const loop = runClosedLoop({
      concurrency: 1,
      warmUpMs: 3_600_000,
      measureMs: 1,
      runOnce: nextTurn,
      readMeters: async () => undefined,
      signal: stopping.signal,
    });
    stopping.abort(new Error('Stopped by SIGINT.'));
    await expect(loop).rejects.toThrow('Stopped by SIGINT.');
  });
});
