import { createHash } from 'node:crypto';

/** Takes note of something that holds: what was checked, and a sentence. */
export type Tell = (check: string, says: string) => void;

/** The first thing about a receipt that does not hold. */
export class DoesNotHold extends Error {
  override readonly name = 'DoesNotHold';
  /** What was checked; the claim's name where it is about one claim. */
  readonly check: string;

  constructor(check: string, message: string) {
    super(message);
    this.check = check;
  }
}

/** Throws {@link DoesNotHold} unless it holds. */
export function demand(holds: boolean, check: string, otherwise: string): asserts holds {
  if (!holds) throw new DoesNotHold(check, otherwise);
}

/** Base64url SHA-256. */
export function sha256Base64url(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url');
}
