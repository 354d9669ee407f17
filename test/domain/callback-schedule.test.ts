import {
  delayBeforeNextAttemptMs,
  delayBeforeNextRedeliveryMs,
  MAX_REDELIVERIES,
} from '../../workflows/domain/callback-schedule.ts';

const NO_JITTER = 0.5;
const NEARLY_ONE = 1 - Number.EPSILON;

/** Attempt, and the delay after it in seconds without jitter. */
const SCHEDULE = [
  [1, 2],
  [2, 5],
  [3, 15],
  [4, 60],
  [5, 300],
  [6, 1_800],
  [7, 7_200],
  [8, 18_000],
  [9, 36_000],
] as const;

it.each(SCHEDULE)('waits after attempt %d for %d seconds', (attempt, seconds) => {
  expect(delayBeforeNextAttemptMs(attempt, NO_JITTER)).toBe(seconds * 1_000);
});

it.each(SCHEDULE)('spreads the delay after attempt %d by a fifth to either side', (attempt, seconds) => {
  expect(delayBeforeNextAttemptMs(attempt, 0)).toBe(seconds * 800);
  expect(delayBeforeNextAttemptMs(attempt, NEARLY_ONE)).toBe(seconds * 1_200);
  for (let step = 1; step < 100; step += 1) {
    const delayMs = delayBeforeNextAttemptMs(attempt, step / 100);
    expect(delayMs).toBeGreaterThan(seconds * 800);
    expect(delayMs).toBeLessThan(seconds * 1_200);
    expect(delayMs).toBeGreaterThan(delayBeforeNextAttemptMs(attempt, (step - 1) / 100));
  }
});

it('is never shorter than the delay before it, however the jitter falls', () => {
  for (let attempt = 2; attempt <= SCHEDULE.length; attempt += 1) {
    expect(delayBeforeNextAttemptMs(attempt, 0)).toBeGreaterThan(delayBeforeNextAttemptMs(attempt - 1, NEARLY_ONE));
  }
});

it.each([10, 11, 100, 10_000, Number.MAX_SAFE_INTEGER])('stays at ten hours after attempt %d', (attempt) => {
  expect(delayBeforeNextAttemptMs(attempt, NO_JITTER)).toBe(36_000_000);
});

it.each([0, -1, -1_000])('takes attempt %d for the first', (attempt) => {
  expect(delayBeforeNextAttemptMs(attempt, NO_JITTER)).toBe(2_000);
});

it('gives whole milliseconds', () => {
  for (const [attempt] of SCHEDULE) expect(Number.isInteger(delayBeforeNextAttemptMs(attempt, 1 / 3))).toBe(true);
});

it('has tried ten times and more within the three days that a callback lives', () => {
  const threeDaysMs = 72 * 3_600_000;
  let attempts = 1;
  for (let elapsedMs = 0; elapsedMs <= threeDaysMs; attempts += 1) {
    elapsedMs += delayBeforeNextAttemptMs(attempts, NEARLY_ONE);
  }
  expect(attempts).toBeGreaterThan(10);
});

it('redelivers at once where nobody did, and then ever less often, which leaves redeliveries to ask for', () => {
  const HOURS_72_MS = 72 * 3_600_000;
  let [atMs, redeliveries] = [delayBeforeNextRedeliveryMs(0), 0];
  expect(atMs).toBe(0);
  while (atMs < HOURS_72_MS) {
    redeliveries += 1;
    atMs += delayBeforeNextRedeliveryMs(redeliveries);
    expect(delayBeforeNextRedeliveryMs(redeliveries)).toBeGreaterThanOrEqual(
      delayBeforeNextRedeliveryMs(redeliveries - 1),
    );
  }
  expect(redeliveries).toBe(12);
  expect(redeliveries).toBeLessThan(MAX_REDELIVERIES);
  expect(delayBeforeNextRedeliveryMs(1)).toBe(20 * 60_000);
});
