import { z } from 'zod';
import type { CustomAuthenticators } from '../ports.ts';

/** What a verifier makes of a proof. */
export type CustomVerdict = Awaited<ReturnType<CustomAuthenticators['verify']>>;

/** The user holds the phone meanwhile. */
export const VERIFIER_TIMEOUT_MS = 3_000;

export const REFUSED: CustomVerdict = { isAccepted: false };

const replySchema = z.object({
  accepted: z.boolean(),
  status: z.number().int().optional(),
  data: z.string().max(4_096).optional(),
});

/** Reads `{"accepted": boolean, "status"?: number, "data"?: string}`; anything else is a no. `data` counts beside `status` only. */
export function readVerdict(reply: unknown): CustomVerdict {
  const parsed = replySchema.safeParse(reply);
  if (!parsed.success) return REFUSED;
  const { accepted, status, data } = parsed.data;
  if (status === undefined) return { isAccepted: accepted };
  return { isAccepted: accepted, custom: { status, ...(data !== undefined && { data }) } };
}
