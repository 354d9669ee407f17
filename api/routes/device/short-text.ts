import { z } from 'zod';

/** A name that people read: 1 to 100 characters, no control characters. */
export const shortText = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);
