/**
 * So many decimal digits out of a MAC, uniform but for the remainder of 64 bits, whose bias is below 2^-44 for six digits
 * and below 2^-37 for eight. Derived, they stand in no history, log or table.
 */
export function digitsOf(mac: Buffer, digits: number): string {
  const value = mac.readBigUInt64BE() % 10n ** BigInt(digits);
  return value.toString().padStart(digits, '0');
}
