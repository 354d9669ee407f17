import type { EventItem } from '../events/event.ts';

/** What a user has on one device. */
export interface UserDevice {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly [more: string]: unknown;
}

/** Everything a helpdesk wants to know of a user at once. */
export interface UserSummary {
  readonly devices: readonly UserDevice[];
  readonly isLocked: boolean;
  readonly limits: Readonly<Record<string, unknown>> | null;
  readonly events: readonly EventItem[];
}
