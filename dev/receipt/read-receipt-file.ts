import { readFile } from 'node:fs/promises';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { CommandError } from '../cli/failures.ts';

const KEY_SET = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });
const RECEIPT_FILE = z.looseObject({ receipt: z.string(), jwks: KEY_SET.optional() });

export interface ReceiptFile {
  /** Compact JWS, as it stands in the file. */
  readonly receipt: string;
  /** The key set that was kept with it. */
  readonly jwks?: JSONWebKeySet;
}

/** A receipt from a file: the JWS alone, or JSON `{"receipt","jwks"}`. Throws {@link CommandError} for anything else. */
export async function readReceiptFile(path: string): Promise<ReceiptFile> {
  const text = (await readText(path)).trim();
  if (!text.startsWith('{')) return { receipt: text };
  const { receipt, jwks } = parse(RECEIPT_FILE, text, `${path} holds no receipt.`);
  return { receipt, ...(jwks && { jwks }) };
}

/** A JWK Set from its text. Throws {@link CommandError} when it is none. */
export function parseKeySet(text: string, origin: string): JSONWebKeySet {
  return parse(KEY_SET, text, `${origin} holds no key set.`);
}

/** The text of a file. Throws {@link CommandError} when it can not be read. */
export async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString();
}

/** The bytes of a file. Throws {@link CommandError} when it can not be read. */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CommandError(`${path} can not be read: ${(cause as Error).message}`, { cause });
  }
}

function parse<Value>(shape: z.ZodType<Value>, text: string, otherwise: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandError(otherwise, { cause });
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CommandError(otherwise);
}
