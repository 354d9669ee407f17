import type { PushMessage } from '../../activities/ports.ts';

/** Bundle id of the app that the pushes are for. */
export const PUSH_TOPIC = 'com.example.bench';

/** The push that every contender sends. */
export function pushTo(pushToken: string): PushMessage {
  const sentAtMs = Date.now();
  return {
    pushToken,
    transactionId: '0190a000-0000-7000-8000-000000000001',
    userId: 'alice',
    message: 'Log in to the demo bank?',
    sentAtMs,
    timeToLiveSeconds: 120,
    expiresAtMs: sentAtMs + 120_000,
    step: 0,
    apns: { topic: PUSH_TOPIC, environment: 'production', badge: null },
  };
}
