import type { PushMessage } from '../ports.ts';
import { pushContentOf } from './push-content.ts';

/** What a push configuration says of its messages. */
export interface FcmMessageStyle {
  readonly content: 'data' | 'notification_and_data';
  readonly notificationTitle?: string | undefined;
}

/** The data of a push. A JSON text, as FCM's values are texts. */
export function fcmDataOf(push: PushMessage): { readonly content: string } {
  return { content: JSON.stringify(pushContentOf(push)) };
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
