import type { z } from 'zod';
import type { Reply } from './operation.ts';

/** A reply with a JSON body. */
export function jsonReply(status: number, description: string, schema: z.ZodType, example: unknown): Reply {
  return { status, description, body: { mediaType: 'application/json', schema, example } };
}

/** A reply that says everything by its status. */
export function emptyReply(description: string): Reply {
  return { status: 204, description };
}

/** A reply with text that is no JSON. */
export function textReply(description: string, mediaType: string, schema: z.ZodType, example: string): Reply {
  return { status: 200, description, body: { mediaType, schema, example } };
}
