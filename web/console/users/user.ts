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

/** Whether the user can be asked by push now. */
export interface Asking {
  /** Why a push would be refused at this moment. */
  readonly refusal: 'blocked' | 'too_many_pending' | 'too_soon' | null;
  readonly retryAfterMs: number | null;
  /** Denied or ignored in a row. */
  readonly misses: number;
  /** Pushes that wait for an answer. */
  readonly waiting: number;
}

/** Everything a helpdesk wants to know of a user at once. */
export interface UserSummary {
  readonly devices: readonly UserDevice[];
  readonly asking: Asking;
  readonly events: readonly EventItem[];
}
