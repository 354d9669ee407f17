import { createFailureThrottle, type FailureThrottle } from '../../api/failure-throttle.ts';

let nowMs: number;
let throttle: FailureThrottle;

beforeEach(() => {
  nowMs = 1_000_000;
  throttle = createFailureThrottle({ limit: 3, windowMs: 60_000, maxPairs: 4, nowMs: () => nowMs });
});

const fail = (times: number, client = 'shop', address = '192.0.2.1'): void => {
  for (let count = 0; count < times; count += 1) throttle.failed(client, address);
};

it('lets the limit pass and then waits for the end of the window', () => {
  fail(2);
  expect(throttle.waitSecondsOf('shop', '192.0.2.1')).toBeUndefined();
  nowMs += 20_500;
  fail(1);
  expect(throttle.waitSecondsOf('shop', '192.0.2.1')).toBe(40);
  nowMs += 39_499;
  expect(throttle.waitSecondsOf('shop', '192.0.2.1')).toBe(1);
  nowMs += 1;
  expect(throttle.waitSecondsOf('shop', '192.0.2.1')).toBeUndefined();
  fail(2);
  expect(throttle.waitSecondsOf('shop', '192.0.2.1')).toBeUndefined();
});

it('holds nobody up but this client at this address', () => {
  fail(3);
  expect(throttle.waitSecondsOf('shop', '192.0.2.2')).toBeUndefined();
  expect(throttle.waitSecondsOf('other', '192.0.2.1')).toBeUndefined();
});

it('begins anew after a success', () => {
  fail(2);
  throttle.succeeded('shop', '192.0.2.1');
  fail(2);
  expect(throttle.waitSecondsOf('shop', '192.0.2.1')).toBeUndefined();
});

it('remembers no more than its bound, those that failed last', () => {
  fail(3, 'first');
  for (const client of ['a', 'b', 'c', 'd']) fail(3, client);
  expect(throttle.waitSecondsOf('first', '192.0.2.1')).toBeUndefined();
  expect(throttle.waitSecondsOf('a', '192.0.2.1')).toBe(60);
  expect(throttle.waitSecondsOf('d', '192.0.2.1')).toBe(60);
});
