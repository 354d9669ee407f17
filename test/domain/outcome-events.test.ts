import { eventOf } from '../../workflows/domain/events.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';

const TABLE: readonly (readonly [FinalState, ReturnType<typeof eventOf>])[] = [
  [
    { status: 'approved', settledAtMs: 1, method: 'push' },
    { name: 'MOBILE_AUTH_AUTHENTICATED', details: { method: 'push' } },
  ],
  [
    { status: 'denied', settledAtMs: 1, by: 'user' },
    { name: 'MOBILE_AUTH_NOT_AUTHENTICATED', details: { by: 'user' } },
  ],
  [
    { status: 'denied', settledAtMs: 1, by: 'user', reason: 'not_me' },
    { name: 'MOBILE_AUTH_NOT_AUTHENTICATED', details: { by: 'user', reason: 'not_me' } },
  ],
  [
    { status: 'denied', settledAtMs: 1, by: 'operator', reason: 'cancelled' },
    { name: 'MOBILE_AUTH_NOT_AUTHENTICATED', details: { by: 'operator', reason: 'cancelled' } },
  ],
  ...(['failed_to_send', 'invalid_request', 'invalid_answer'] as const).map(
    (reason) =>
      [
        { status: 'failed', settledAtMs: 1, reason },
        { name: 'MOBILE_AUTH_FAILED', details: { reason } },
      ] as const,
  ),
  [{ status: 'expired', settledAtMs: 1 }, { name: 'MOBILE_AUTH_EXPIRED' }],
  [
    { status: 'cancelled', settledAtMs: 1, by: 'portal' },
    { name: 'MOBILE_AUTH_CANCELLED', details: { by: 'portal' } },
  ],
  [
    { status: 'cancelled', settledAtMs: 1, by: 'operator' },
    { name: 'MOBILE_AUTH_CANCELLED', details: { by: 'operator' } },
  ],
];

it.each(TABLE)('%j is told as %j', (outcome, event) => {
  expect(eventOf(outcome)).toStrictEqual(event);
});

it('tells every final status by a name of its own', () => {
  const namesByStatus = new Map(TABLE.map(([outcome]) => [outcome.status, eventOf(outcome).name]));
  expect([...namesByStatus.keys()].sort()).toStrictEqual(['approved', 'cancelled', 'denied', 'expired', 'failed']);
  expect(new Set(namesByStatus.values()).size).toBe(namesByStatus.size);
});
