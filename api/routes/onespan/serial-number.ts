import { createHash } from 'node:crypto';

/** A label in the vendor's form, ten characters, for who shows one; the registration is named by its id. */
export function serialNumberOf(registrationID: string): string {
  const number = createHash('sha256').update(registrationID).digest().readUInt32BE() % 10_000_000;
  return `CSN${number.toString().padStart(7, '0')}`;
}
