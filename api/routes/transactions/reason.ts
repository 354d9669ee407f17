import type { Request } from 'express';
import { z } from 'zod';
import { parse } from '../../parse.ts';

/** Body of what an operator does with a transaction: why. It stands in the event, for whoever asks later. */
export const reasonBody = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(3)
    .max(200)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u),
});

/** Says why something is done; undefined where it is not asked. */
export type GiveReason = (request: Request) => string | undefined;

/** The reason that a request must give. */
export const reasonOf = (request: Request): string => parse(reasonBody, request.body).reason;
