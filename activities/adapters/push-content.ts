import type { PushContent } from '../../runtime/device-wire.ts';
import type { PushMessage } from '../ports.ts';

/** What every push tells the app, whoever its provider is: ids and the short message, nothing confidential. */
export function pushContentOf(push: PushMessage): PushContent {
  return {
    og_transaction_id: push.transactionId,
    og_profile_id: push.userId,
    og_message: push.message,
    timestamp: push.sentAtMs,
    timeToLiveSeconds: push.timeToLiveSeconds,
  };
}
