import { callbackAddressOf } from '../../workflows/domain/callback-address.ts';
import { delayBeforeTrialMs, isQuarantineDue } from '../../workflows/domain/callback-quarantine.ts';
import { spreadMs } from '../../workflows/domain/callback-schedule.ts';

const SINCE_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;

describe('quarantine', () => {
  it.each([
    [5, 5 * MINUTE_MS, true],
    [4, 5 * MINUTE_MS, false],
    [5, 5 * MINUTE_MS - 1, false],
    [1, 72 * 60 * MINUTE_MS, false],
    [100_000, 0, false],
    [100_000, 5 * MINUTE_MS, true],
  ])('after %d failures in a row over %d ms: %s', (consecutive, lastedMs, isDue) => {
    expect(isQuarantineDue({ consecutive, sinceMs: SINCE_MS }, SINCE_MS + lastedMs)).toBe(isDue);
  });

  it('is left alone for longer each time, and never for more than half an hour', () => {
    const minutes = [0, 1, 2, 3, 4, 5, 1_000].map((trials) => delayBeforeTrialMs(trials) / MINUTE_MS);
    expect(minutes).toStrictEqual([1, 2, 5, 15, 30, 30, 30]);
  });

  it('lets those who wait for it come one after the other, and none too early', () => {
    expect(spreadMs(10_000, 0)).toBe(10_000);
    expect(spreadMs(10_000, 0.5)).toBe(11_000);
    expect(spreadMs(10_000, 1 - Number.EPSILON)).toBe(12_000);
    expect(spreadMs(0, 0.9)).toBe(0);
    expect(spreadMs(0.1, 0)).toBe(1);
  });
});

describe('the address of a callback', () => {
  it.each([
    ['https://portal.example/callback?state=1&x=2', 'https://portal.example/callback'],
    ['https://portal.example:8443/a/b?c', 'https://portal.example:8443/a/b'],
    ['https://PORTAL.example:443/A', 'https://portal.example/A'],
    ['http://portal.example', 'http://portal.example/'],
    [`https://portal.example/${'x'.repeat(2_000)}`, 'https://portal.example'],
  ])('%s is %s', (uri, address) => {
    expect(callbackAddressOf(uri)).toBe(address);
  });
});
