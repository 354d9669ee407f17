import { setTimeout as pause } from 'node:timers/promises';
import { delayBeforeNextPushMs } from '../workflows/domain/push-failure.ts';
import type { PushMessage, PushRefusal, PushSender } from './ports.ts';

export interface HandOver {
  /** Undefined when the last refusal stands. */
  readonly providerMessageId?: string;
  /** In order; those before a success too. */
  readonly refusals: readonly PushRefusal[];
}

/** Offers a push to its provider, and once more where the rule says so. Waits for nothing beyond `endsAtMs`. */
export async function handPushOver(
  pushSender: PushSender,
  pushConfigurationId: string | null,
  push: PushMessage,
  endsAtMs: number,
): Promise<HandOver> {
  const refusals: PushRefusal[] = [];
  for (;;) {
    const receipt = await pushSender.send(pushConfigurationId, push, {
      withinMs: Math.max(1, endsAtMs - Date.now()),
      onFreshConnection: refusals.length > 0,
    });
    if (receipt.ok) return { providerMessageId: receipt.providerMessageId, refusals };
    refusals.push(receipt);
    const delayMs = delayBeforeNextPushMs(receipt, refusals.length, endsAtMs - Date.now(), Math.random());
    if (delayMs === undefined) return { refusals };
    await pause(delayMs);
  }
}
