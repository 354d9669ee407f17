import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ApnsReason } from './reasons.ts';

/** Apps from Xcode get tokens of the development environment, those from the store get tokens of production. */
export type ApnsEnvironment = 'production' | 'development';

/** Body of `POST /simulator/registrations`. */
export const registrationSchema = z.strictObject({
  /** Bundle id of the app. */
  topic: z.string().regex(/^[A-Za-z0-9.-]{1,155}$/),
  environment: z.enum(['production', 'development']).default('production'),
});

const ENVIRONMENT_BYTE: Readonly<Record<ApnsEnvironment, number>> = { production: 0xf0, development: 0xde };
const RANDOM_BYTES = 20;
const TOPIC_BYTES = 11;
const UNREGISTERED_LIMIT = 100_000;

/** Which device tokens there are. */
export interface Devices {
  /** A new token of an app, by its bundle id; 64 hexadecimal digits. */
  mint(topic: string, environment: ApnsEnvironment): string;
  /** As if the app had been removed from the phone at this moment, epoch ms. */
  unregister(token: string, sinceMs: number): void;
  /** Why a push of this topic does not reach the token in this environment; undefined when it does. */
  refusalOf(
    token: string,
    topic: string,
    environment: ApnsEnvironment,
  ): { readonly reason: ApnsReason; readonly sinceMs?: number } | undefined;
}

/** A token says itself to which app and environment it belongs, so that a restart of the simulator loses no phone. */
export function createDevices(): Devices {
  const unregistered = new Map<string, number>();
  return {
    mint(topic, environment) {
      const mark = Buffer.from([ENVIRONMENT_BYTE[environment]]);
      return Buffer.concat([randomBytes(RANDOM_BYTES), mark, markOf(topic)]).toString('hex');
    },
    unregister(token, sinceMs) {
      unregistered.set(token, sinceMs);
      for (const oldest of unregistered.keys()) {
        if (unregistered.size <= UNREGISTERED_LIMIT) break;
        unregistered.delete(oldest);
      }
    },
    refusalOf(token, topic, environment) {
      // Apple promises no length; what is no hexadecimal text is no token.
      if (!/^[0-9a-fA-F]{64}$/.test(token)) return { reason: 'BadDeviceToken' };
      const bytes = Buffer.from(token, 'hex');
      if (bytes[RANDOM_BYTES] !== ENVIRONMENT_BYTE[environment]) return { reason: 'BadDeviceToken' };
      if (!bytes.subarray(RANDOM_BYTES + 1).equals(markOf(topic))) return { reason: 'DeviceTokenNotForTopic' };
      const sinceMs = unregistered.get(token);
      return sinceMs === undefined ? undefined : { reason: 'Unregistered', sinceMs };
    },
  };
}

function markOf(topic: string): Buffer {
  return createHash('sha256').update(topic).digest().subarray(0, TOPIC_BYTES);
}
