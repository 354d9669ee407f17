import { randomBytes } from 'node:crypto';

/** Like the real ones: an instance id, a colon, and 134 characters that begin with APA91b. */
const WELL_FORMED = /^sim-[\w-]{18}:APA91b[\w-]{128}$/;
const UNREGISTERED_LIMIT = 100_000;

/** Which registration tokens there are. */
export interface Registrations {
  /** A new registration token. */
  mint(): string;
  /** As if the app had been removed from the phone. */
  unregister(token: string): void;
  stateOf(token: string): 'registered' | 'unregistered' | 'malformed';
}

/** Every well-formed token is registered unless it was taken back, so that a restart of the simulator loses no phone. */
export function createRegistrations(): Registrations {
  const unregistered = new Set<string>();
  return {
    mint: () =>
      `sim-${randomBytes(18).toString('base64url').slice(0, 18)}:APA91b${randomBytes(96).toString('base64url')}`,
    unregister(token) {
      unregistered.add(token);
      for (const oldest of unregistered) {
        if (unregistered.size <= UNREGISTERED_LIMIT) break;
        unregistered.delete(oldest);
      }
    },
    stateOf(token) {
      if (!WELL_FORMED.test(token)) return 'malformed';
      return unregistered.has(token) ? 'unregistered' : 'registered';
    },
  };
}
