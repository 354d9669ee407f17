import { isIPv4, isIPv6 } from 'node:net';
import { open, type Reader, type Response } from 'maxmind';
import { type Geolocator, type Location, locationOf } from './geolocator.ts';

/**
 * Looks addresses up in MaxMind DB files, read into memory once: GeoIP2 and GeoLite2 (country or city), and the flat
 * records of ip-location-db. Rejects when a file can not be read. An IPv6 address is looked for in files for IPv6 only:
 * a file for IPv4 takes its first bits for an address, and answers.
 */
export async function createFileGeolocator(paths: readonly string[]): Promise<Geolocator> {
  const readers = await Promise.all(paths.map((path) => open<Response>(path)));
  return {
    async locate(ipAddress) {
      const address = withoutMapping(ipAddress);
      const fitting = readers.filter(({ metadata }) => isIPv4(address) || metadata.ipVersion === 6);
      for (const reader of isIPv4(address) || isIPv6(address) ? fitting : []) {
        const location = find(reader, address);
        if (location) return { ok: true, location, source: 'file' };
      }
      return { ok: false, failure: 'unknown' };
    },
    close: async () => {},
  };
}

/** An IPv4 address in IPv6 clothing is one. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

function find(reader: Reader<Response>, address: string): Location | undefined {
  const record: unknown = reader.get(address);
  return (
    locationOf({
      countryCode: at(record, 'country', 'iso_code'),
      region: at(record, 'subdivisions', '0', 'names', 'en'),
      city: at(record, 'city', 'names', 'en'),
    }) ??
    locationOf({ countryCode: at(record, 'country_code'), region: at(record, 'state1'), city: at(record, 'city') })
  );
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}
