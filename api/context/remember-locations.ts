import { LRUCache } from 'lru-cache';
import type { Geolocator, Located, Location } from './geolocator.ts';

/** Some 200 bytes each. */
const MAX_LOCATIONS = 10_000;

/**
 * Keeps what a geolocator found, for so long and for the last 10,000 addresses; failures are not kept. Those that ask for
 * the same address at once wait for one answer.
 */
export function rememberLocations(geolocator: Geolocator, keptForMs: number): Geolocator {
  const known = new LRUCache<string, Location>({ max: MAX_LOCATIONS, ttl: keptForMs });
  const underWay = new Map<string, Promise<Located>>();

  async function find(ipAddress: string): Promise<Located> {
    try {
      const located = await geolocator.locate(ipAddress);
      if (located.ok) known.set(ipAddress, located.location);
      return located;
    } finally {
      underWay.delete(ipAddress);
    }
  }

  return {
    async locate(ipAddress) {
      const location = known.get(ipAddress);
      if (location) return { ok: true, location, source: 'cache' };
      const asked = underWay.get(ipAddress) ?? find(ipAddress);
      underWay.set(ipAddress, asked);
      return asked;
    },
    close: () => geolocator.close(),
  };
}
