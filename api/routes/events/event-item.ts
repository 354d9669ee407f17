import type { StoredEvent } from '../../ports.ts';

/** An event as the vendor's events API shows it. */
export interface EventItem {
  /** UUID, version 8. */
  readonly event_identifier: string;
  /** To be read by people. */
  readonly event_name: string;
  readonly event_type: string;
  readonly client_id: string | null;
  readonly app_name: string | null;
  readonly transaction_id: string | null;
  readonly user_id: string | null;
  readonly client_ip: string | null;
  readonly user_agent: string | null;
  readonly event_agent_user: string | null;
  /** Ours: what the event tells beyond whom it is about; nothing secret (docs/events.md). */
  readonly event_details: Readonly<Record<string, unknown>>;
  /** Epoch ms. */
  readonly occurred: number;
}

export function itemOf(event: StoredEvent): EventItem {
  return {
    event_identifier: identifierOf(event.id),
    event_name: displayNameOf(event.name),
    event_type: event.name,
    client_id: event.clientId,
    app_name: event.applicationName,
    transaction_id: event.transactionId,
    user_id: event.userId,
    client_ip: event.clientIp,
    user_agent: event.userAgent,
    event_agent_user: event.agentUser,
    event_details: event.details,
    occurred: event.occurredAtMs,
  };
}

/** The number of an event as a UUID of the kind that is free to use (RFC 9562, version 8): always the same one. */
export function identifierOf(id: string): string {
  const hex = BigInt(id).toString(16).padStart(16, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-8${hex.slice(15)}00-000000000000`;
}

const ABBREVIATIONS = new Set(['API', 'OTP', 'SMS', 'PIN', 'ID']);

/** `PUSH_AUTH_INITIALIZED` as `Push auth initialized`. */
export function displayNameOf(name: string): string {
  const words = name.split('_').map((word) => (ABBREVIATIONS.has(word) ? word : word.toLowerCase()));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
