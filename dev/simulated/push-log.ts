import { createMessageLog, type MessageLog } from './message-log.ts';

/** What a push service took for a phone, in its own form. */
export interface PushedMessage {
  /** Push token of the app on that phone. */
  readonly token?: string;
  readonly [field: string]: unknown;
}

/** A message that arrived on a phone. */
export interface Push {
  readonly message: PushedMessage;
}

/** What arrived on phones. */
export type PushLog = MessageLog<Push>;

/** Keeps the last 10,000 pushes. */
export function createPushLog(): PushLog {
  return createMessageLog<Push>(({ message }) => message.token);
}
