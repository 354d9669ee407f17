import { eventOf } from '../../workflows/domain/events.ts';
import { isRefusal, stagesOf } from '../../workflows/domain/stages.ts';
import type { FinalState } from '../../workflows/domain/transaction.ts';

describe('the stages of an event', () => {
  const outcomes: readonly FinalState[] = [
    { status: 'approved', settledAtMs: 1, method: 'push' },
    { status: 'approved', settledAtMs: 1, method: 'sms' },
    { status: 'denied', settledAtMs: 1, by: 'user' },
    { status: 'failed', settledAtMs: 1, reason: 'failed_to_send' },
    { status: 'expired', settledAtMs: 1 },
    { status: 'cancelled', settledAtMs: 1, by: 'portal' },
  ];

  it.each(outcomes.map((outcome) => [eventOf(outcome).name, outcome] as const))('end with settled for %s', (name) => {
    expect(stagesOf(name).at(-1)).toBe('settled');
  });

  it.each(['MOBILE_AUTH_ANSWER_REFUSED', 'SMS_AUTH_NOT_AUTHENTICATED_INVALID_VERIFICATION_CODE'])(
    'tell of an answer that was not taken, and of nothing more, for %s',
    (name) => {
      expect(stagesOf(name)).toEqual(['answered']);
      expect(isRefusal(name)).toBe(true);
      expect(isRefusal('MOBILE_AUTH_AUTHENTICATED')).toBe(false);
    },
  );

  it('are none for what is no step of a transaction', () => {
    for (const name of ['ENROLLMENT_ENDED', 'toString', '']) expect(stagesOf(name)).toEqual([]);
  });
});
