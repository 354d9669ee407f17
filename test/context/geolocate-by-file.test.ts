import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileGeolocator } from '../../api/context/geolocate-by-file.ts';
import { writeMmdb } from '../support/mmdb.ts';

const UTRECHT = {
  country: { iso_code: 'NL', names: { en: 'Netherlands' } },
  subdivisions: [{ iso_code: 'UT', names: { en: 'Provincie Utrecht' } }],
  city: { names: { en: 'Utrecht', ja: 'ユトレヒト' } },
};
const FLAT = { country_code: 'DE', state1: 'Bavaria', city: 'Munich' };
const UNKNOWN = { ok: false, failure: 'unknown' };
const inUtrecht = {
  ok: true,
  source: 'file',
  location: { countryCode: 'NL', region: 'Provincie Utrecht', city: 'Utrecht' },
};
const inMunich = { ok: true, source: 'file', location: { countryCode: 'DE', region: 'Bavaria', city: 'Munich' } };

let folder: string;
const paths: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-mmdb-'));
  const files = {
    both: writeMmdb(6, [
      { network: '192.0.2.0/24', record: UTRECHT },
      { network: '198.51.100.128/25', record: { country_code: 'FR', state1: '', city: 'N/A' } },
      { network: '203.0.113.7/32', record: { country_code: 'nowhere' } },
      { network: '203.0.113.8/32', record: 'no record' },
      { network: '2001:db8:1::/48', record: UTRECHT },
    ]),
    v4: writeMmdb(4, [
      { network: '192.0.2.0/24', record: FLAT },
      { network: '32.0.0.0/8', record: FLAT },
    ]),
    v6: writeMmdb(6, [{ network: '2001:db8::/32', record: FLAT }]),
  };
  for (const [name, bytes] of Object.entries(files)) {
    paths[name] = join(folder, `${name}.mmdb`);
    await writeFile(paths[name], bytes);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const locate = async (address: string, ...names: readonly string[]) =>
  (await createFileGeolocator(names.map((name) => paths[name] as string))).locate(address);

it.each([
  ['192.0.2.0', inUtrecht],
  ['192.0.2.255', inUtrecht],
  ['192.0.3.0', UNKNOWN],
  ['192.0.1.255', UNKNOWN],
  ['2001:db8:1::1', inUtrecht],
  ['2001:DB8:1:FFFF::', inUtrecht],
  ['2001:db8:2::', UNKNOWN],
  ['::ffff:192.0.2.9', inUtrecht],
  ['198.51.100.200', { ok: true, source: 'file', location: { countryCode: 'FR' } }],
  ['198.51.100.127', UNKNOWN],
  ['203.0.113.7', UNKNOWN],
  ['203.0.113.8', UNKNOWN],
  ['not an address', UNKNOWN],
  ['', UNKNOWN],
])('finds %j', async (address, located) => {
  expect(await locate(address, 'both')).toStrictEqual(located);
});

it('does not look an IPv6 address up in a file for IPv4, which would take its first bits for an address', async () => {
  expect(await locate('32.1.2.3', 'v4')).toStrictEqual(inMunich);
  expect(await locate('2001:db8::1', 'v4')).toStrictEqual(UNKNOWN);
  expect(await locate('2001:db8::1', 'v4', 'v6')).toStrictEqual(inMunich);
});

it('asks several files in their order', async () => {
  expect(await locate('192.0.2.1', 'v4', 'both')).toStrictEqual(inMunich);
  expect(await locate('192.0.2.1', 'both', 'v4')).toStrictEqual(inUtrecht);
});

it('is not made of a file that is none', async () => {
  await expect(createFileGeolocator([join(folder, 'missing.mmdb')])).rejects.toThrow('ENOENT');
  const path = join(folder, 'broken.mmdb');
  await writeFile(path, 'no database');
  await expect(createFileGeolocator([path])).rejects.toThrow();
});
