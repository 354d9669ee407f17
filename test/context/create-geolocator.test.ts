import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGeolocator } from '../../api/context/create-geolocator.ts';
import { startPortalServer } from '../adapters/portal-server.ts';
import { writeMmdb } from '../support/mmdb.ts';

const CONFIG = {
  GEOLOCATION_RESOLVER: 'none',
  GEOLOCATION_DATABASES: [],
  GEOLOCATION_URL: 'https://geolocation.example/',
  GEOLOCATION_KEY: undefined,
  GEOLOCATION_TIMEOUT_MS: 3_000,
  GEOLOCATION_CACHE_SECONDS: 60,
} as const;

it('is none where none is configured', async () => {
  expect(await createGeolocator(CONFIG)).toBeUndefined();
});

it('reads the files that are configured', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-mmdb-'));
  const path = join(folder, 'country.mmdb');
  await writeFile(path, writeMmdb(4, [{ network: '192.0.2.0/24', record: { country_code: 'NL' } }]));
  const geolocator = await createGeolocator({
    ...CONFIG,
    GEOLOCATION_RESOLVER: 'mmdb',
    GEOLOCATION_DATABASES: [path],
  });
  expect(await geolocator?.locate('192.0.2.1')).toStrictEqual({
    ok: true,
    location: { countryCode: 'NL' },
    source: 'file',
  });
  await geolocator?.close();
  await rm(folder, { recursive: true });
});

it('asks the service that is configured, and keeps what it said', async () => {
  const service = await startPortalServer();
  service.answer = (_request, response) =>
    void response.writeHead(200).end(JSON.stringify({ success: true, country_code: 'NL' }));
  const geolocator = await createGeolocator({
    ...CONFIG,
    GEOLOCATION_RESOLVER: 'http',
    GEOLOCATION_URL: service.url,
    GEOLOCATION_KEY: 'the-key',
  });
  expect(await geolocator?.locate('192.0.2.1')).toMatchObject({ source: 'service' });
  expect(await geolocator?.locate('192.0.2.1')).toMatchObject({ source: 'cache' });
  expect(service.requests.map(({ path }) => path)).toStrictEqual(['/the-key/192.0.2.1']);
  await geolocator?.close();
  await service.close();
});
