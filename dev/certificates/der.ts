/** DER (ITU-T X.690), as much of it as a certificate needs. */

function encode(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const digits = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content]);
}

export const sequence = (...parts: readonly Buffer[]): Buffer => encode(0x30, Buffer.concat(parts));
export const set = (...parts: readonly Buffer[]): Buffer => encode(0x31, Buffer.concat(parts));
export const utf8 = (text: string): Buffer => encode(0x0c, Buffer.from(text));
export const octets = (content: Buffer): Buffer => encode(0x04, content);
/** Whole bytes only. */
export const bits = (content: Buffer): Buffer => encode(0x03, Buffer.concat([Buffer.from([0]), content]));
export const boolean = (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0]));

/** `[number]` around a whole value. */
export const explicit = (number: number, content: Buffer): Buffer => encode(0xa0 | number, content);

/** `[number]` in the place of the value's own tag, for values without parts. */
export const implicit = (number: number, content: Buffer): Buffer => encode(0x80 | number, content);

/** Not negative. */
export function integer(bytes: Buffer): Buffer {
  const isNegative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return encode(0x02, isNegative ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** In dots: `1.2.840.10045.4.3.2`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

/** UTCTime: years before 2050, as RFC 5280 wants it. */
export function utcTime(moment: Date): Buffer {
  const [, text = ''] = /^\d\d(.*)\.\d{3}Z$/.exec(moment.toISOString()) ?? [];
  return encode(0x17, Buffer.from(`${text.replace(/[-:T]/g, '')}Z`));
}
