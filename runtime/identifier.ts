import { z } from 'zod';

/** Ids of users, applications and types: any text a portal uses, short, without control characters. */
export const identifier = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);
