/** In capitals, which pictures hold with the least room. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** Longest text that a picture holds. */
const MAX_HEX = 8_192;

/** No bytes for a text that is no hexadecimal. */
export function fromHex(text: string): Uint8Array {
  const hex = text.trim();
  if (hex.length > MAX_HEX || !/^([0-9A-Fa-f]{2})+$/.test(hex)) return new Uint8Array();
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
