import { readPeakMemory, readResidentMemory } from '../../bench/memory.ts';
import { readMeters, usageBetween } from '../../bench/meters.ts';

describe('meters', () => {
  it('tell what each process used for one run, and what others used', () => {
    const before = { processes: { api: 100, driver: 50 }, machineMs: 1_000 };
    const after = { processes: { api: 300, driver: 150 }, machineMs: 2_300 };
    expect(usageBetween(before, after, 1_000, 10)).toEqual({
      processorMs: { api: 20, driver: 10 },
      driverBusy: 0.1,
      othersBusy: 1,
    });
  });

  it('tell nothing of others where the system does not, and never less than nothing', () => {
    const idle = { processes: { driver: 0 } };
    expect(usageBetween(idle, idle, 1_000, 1)).not.toHaveProperty('othersBusy');
    // Both clocks tick in hundredths of a second, not at the same moment.
    const busy = { processes: { driver: 1_010 }, machineMs: 1_000 };
    expect(usageBetween({ ...idle, machineMs: 0 }, busy, 1_000, 1).othersBusy).toBe(0);
  });

  it('read this process', async () => {
    const { processes } = await readMeters({ mine: process.pid });
    expect(processes.driver).toBeGreaterThan(0);
    const resident = await readResidentMemory(process.pid);
    expect(resident).toBeGreaterThan(10 * 1_024 ** 2);
    expect(await readPeakMemory(process.pid)).toBeGreaterThanOrEqual(resident / 2);
  });
});
