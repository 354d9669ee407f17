import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { isStorable } from '../../../runtime/storable-text.ts';

/** Where the next page begins, as callers hand it back: the names of the last document of this one. */
export function encodePosition(names: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(names)).toString('base64url');
}

/** The reverse, of so many names; `request_invalid` for what {@link encodePosition} did not make. */
export function decodePosition(after: string, count: number): readonly string[] {
  try {
    const names = z.array(z.string().refine(isStorable)).length(count);
    return names.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('request_invalid', 'after', { cause });
  }
}
