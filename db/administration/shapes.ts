import { z } from 'zod';

/** Names typed by hand: they stand in paths, in forms and in the configuration file. */
export const resourceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be letters, digits, ., _ or -');

/** ISO 639. */
export const languageCode = z.string().regex(/^[a-z]{2,3}$/, 'must be a language code');

/** What people read. */
export const displayName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must have no control characters');

/** Sender of an SMS: a number, or the letters that a gateway takes. */
export const smsSenderId = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must have no control characters');
