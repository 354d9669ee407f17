import type { ApiConfig } from '../../runtime/config.ts';
import { createFileGeolocator } from './geolocate-by-file.ts';
import { createServiceGeolocator } from './geolocate-by-service.ts';
import type { Geolocator } from './geolocator.ts';
import { rememberLocations } from './remember-locations.ts';

/** The geolocator that is configured; undefined where there is none. Rejects when a file can not be read. */
export async function createGeolocator(
  config: Pick<
    ApiConfig,
    | 'GEOLOCATION_RESOLVER'
    | 'GEOLOCATION_DATABASES'
    | 'GEOLOCATION_URL'
    | 'GEOLOCATION_KEY'
    | 'GEOLOCATION_TIMEOUT_MS'
    | 'GEOLOCATION_CACHE_SECONDS'
  >,
): Promise<Geolocator | undefined> {
  switch (config.GEOLOCATION_RESOLVER) {
    case 'none':
      return undefined;
    case 'mmdb':
      return createFileGeolocator(config.GEOLOCATION_DATABASES);
    case 'http': {
      const service = createServiceGeolocator({
        url: config.GEOLOCATION_URL,
        key: config.GEOLOCATION_KEY as string,
        timeoutMs: config.GEOLOCATION_TIMEOUT_MS,
      });
      return rememberLocations(service, config.GEOLOCATION_CACHE_SECONDS * 1_000);
    }
  }
}
