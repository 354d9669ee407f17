import type { PushAttempt, PushMessage } from '../../activities/ports.ts';

/** Time enough on any machine. */
export const PATIENTLY: PushAttempt = { withinMs: 20_000, onFreshConnection: false };

/** A push to this registration, with whatever else a test wants in it. */
export function aPush(pushToken: string, fields: Partial<PushMessage> = {}): PushMessage {
  return {
    pushToken,
    transactionId: '0190a000-0000-7000-8000-000000000001',
    userId: 'alice',
    message: 'Log in?',
    sentAtMs: 1_800_000_000_000,
    timeToLiveSeconds: 42,
    expiresAtMs: 1_800_000_042_000,
    step: 0,
    apns: { topic: 'com.example.bank', environment: 'production', badge: null },
    ...fields,
  };
}
