import { delayBeforeNextPushMs, PUSH_CONSEQUENCES, type PushFailure } from '../../workflows/domain/push-failure.ts';

const BUDGET_MS = 3_000;

describe('a push that failed', () => {
  it.each<[PushFailure, number | undefined, number | undefined]>([
    // failure, what the provider asks for, when it is tried again
    ['provider_unavailable', undefined, 100],
    ['provider_unavailable', 0, 100],
    ['provider_unavailable', 1_000, 1_000],
    ['provider_unavailable', 2_800, 2_800],
    ['provider_unavailable', 2_801, undefined],
    ['throttled', undefined, undefined],
    ['throttled', 0, 100],
    ['throttled', 1_000, 1_000],
    ['throttled', 60_000, undefined],
    ['token_gone', 0, undefined],
    ['misconfigured', 0, undefined],
    ['message_refused', 0, undefined],
  ])('as %s, with retry-after %s ms, is tried again after %s ms', (failure, retryAfterMs, expected) => {
    const refusal = { failure, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    expect(delayBeforeNextPushMs(refusal, 1, BUDGET_MS, 0.5)).toBe(expected);
  });

  it.each<PushFailure>(Object.keys(PUSH_CONSEQUENCES) as PushFailure[])('twice, as %s, has failed', (failure) => {
    expect(delayBeforeNextPushMs({ failure, retryAfterMs: 0 }, 2, BUDGET_MS, 0.5)).toBeUndefined();
  });

  it('is not tried again when nothing would be left for it', () => {
    expect(delayBeforeNextPushMs({ failure: 'provider_unavailable' }, 1, 299, 0.5)).toBeUndefined();
    expect(delayBeforeNextPushMs({ failure: 'provider_unavailable' }, 1, 300, 0.5)).toBe(100);
    expect(delayBeforeNextPushMs({ failure: 'provider_unavailable' }, 1, -1, 0.5)).toBeUndefined();
  });

  it('is spread, so that pushes that fell together do not come again together', () => {
    const delays = [0, 0.5, 0.999].map((random) =>
      delayBeforeNextPushMs({ failure: 'provider_unavailable' }, 1, BUDGET_MS, random),
    );
    expect(delays).toStrictEqual([50, 100, 150]);
  });
});
