/**
 * Writes MaxMind DB files (format 2.0, maxmind.github.io/MaxMind-DB), as far as tests need them: IPv4 and IPv6 networks,
 * records of texts, maps and lists.
 */
import { isIPv4, SocketAddress } from 'node:net';

export type MmdbValue = string | readonly MmdbValue[] | { readonly [name: string]: MmdbValue };

export interface MmdbEntry {
  /** CIDR. */
  readonly network: string;
  readonly record: MmdbValue;
}

type Child = number | { readonly dataOffset: number } | undefined;

const METADATA_MARKER = Buffer.concat([Buffer.from('abcdef', 'hex'), Buffer.from('MaxMind.com')]);
const RECORD_BITS = 32;

export function writeMmdb(ipVersion: 4 | 6, entries: readonly MmdbEntry[]): Buffer {
  const nodes: [Child, Child][] = [[undefined, undefined]];
  const data: Buffer[] = [];
  let dataLength = 0;
  for (const { network, record } of entries) {
    const bits = bitsOf(network, ipVersion);
    const encoded = encode(record);
    let node = 0;
    for (const [depth, bit] of bits.entries()) {
      const sides = nodes[node] as [Child, Child];
      if (depth === bits.length - 1) sides[bit] = { dataOffset: dataLength };
      else {
        if (typeof sides[bit] !== 'number') sides[bit] = nodes.push([undefined, undefined]) - 1;
        node = sides[bit];
      }
    }
    data.push(encoded);
    dataLength += encoded.length;
  }
  const tree = Buffer.alloc((nodes.length * 2 * RECORD_BITS) / 8);
  nodes.flat().forEach((child, index) => {
    tree.writeUInt32BE(pointerOf(child, nodes.length), index * 4);
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, METADATA_MARKER, metadata(ipVersion, nodes.length)]);
}

function pointerOf(child: Child, nodeCount: number): number {
  if (child === undefined) return nodeCount;
  return typeof child === 'number' ? child : nodeCount + 16 + child.dataOffset;
}

function bitsOf(network: string, ipVersion: 4 | 6): (0 | 1)[] {
  const [address = '', prefix = ''] = network.split('/');
  const isV4 = isIPv4(address);
  const bytes = isV4 ? address.split('.').map(Number) : bytesOfV6(address);
  const padding = isV4 && ipVersion === 6 ? 96 : 0;
  const bits = bytes.flatMap((byte) => [...byte.toString(2).padStart(8, '0')].map((bit) => (bit === '1' ? 1 : 0)));
  return [...Array<0>(padding).fill(0), ...bits.slice(0, Number(prefix))];
}

function bytesOfV6(address: string): number[] {
  const { address: normal } = new SocketAddress({ address, family: 'ipv6' });
  const [head = '', tail = ''] = normal.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const zeros = Array<string>(normal.includes('::') ? 8 - groups(head).length - groups(tail).length : 0).fill('0');
  return [...groups(head), ...zeros, ...groups(tail)].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function metadata(ipVersion: number, nodeCount: number): Buffer {
  const fields: Record<string, Buffer> = {
    node_count: unsigned(6, nodeCount, 4),
    record_size: unsigned(5, RECORD_BITS, 2),
    ip_version: unsigned(5, ipVersion, 2),
    database_type: encode('Test'),
    languages: encode(['en']),
    binary_format_major_version: unsigned(5, 2, 2),
    binary_format_minor_version: unsigned(5, 0, 2),
    build_epoch: unsigned(9, 1_800_000_000, 8),
    description: encode({ en: 'Test' }),
  };
  const pairs = Object.entries(fields).flatMap(([name, value]) => [encode(name), value]);
  return Buffer.concat([control(7, Object.keys(fields).length), ...pairs]);
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([control(2, bytes.length), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const pairs = Object.entries(value).flatMap(([name, field]) => [encode(name), encode(field as MmdbValue)]);
  return Buffer.concat([control(7, pairs.length / 2), ...pairs]);
}

function unsigned(type: number, value: number, bytes: number): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(value));
  return Buffer.concat([control(type, bytes), number.subarray(8 - bytes)]);
}

/** Types beyond 7 stand in a second byte; sizes from 29 on in one more. */
function control(type: number, size: number): Buffer {
  const short = Math.min(size, 29);
  const first = type > 7 ? short : (type << 5) | short;
  return Buffer.from([first, ...(type > 7 ? [type - 7] : []), ...(size >= 29 ? [size - 29] : [])]);
}
