import type { PushContent } from '../../runtime/device-wire.ts';
import type { PushMessage } from '../ports.ts';

/** What a push configuration says of its messages. */
export interface FcmMessageStyle {
  readonly content: 'data' | 'notification_and_data';
  readonly notificationTitle?: string | undefined;
}

/** The data of a push: ids and the short message, nothing confidential. A JSON text, as FCM's values are texts. */
export function fcmDataOf(push: PushMessage): { readonly content: string } {
  const content: PushContent = {
    og_transaction_id: push.transactionId,
    og_profile_id: push.userId,
    og_message: push.message,
    timestamp: push.sentAtMs,
    timeToLiveSeconds: push.timeToLiveSeconds,
  };
  return { content: JSON.stringify(content) };
}

/** What the system shows while the app is away; nothing where the app's own code is to show it. */
export function fcmNotificationOf(
  push: PushMessage,
  { content, notificationTitle }: FcmMessageStyle,
): { readonly notification?: { readonly title?: string; readonly body: string } } {
  if (content === 'data') return {};
  return { notification: { ...(notificationTitle && { title: notificationTitle }), body: push.message } };
}

/** Whom a dry run names: without a push token a topic that nobody subscribes to. */
export function dryRunTargetOf(pushToken: string | undefined): { readonly token: string } | { readonly topic: string } {
  return pushToken === undefined ? { topic: 'countersign-dry-run' } : { token: pushToken };
}
