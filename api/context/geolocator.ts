/** Says where an IP address is. Failures are values, and every answer has a deadline. */
export interface Geolocator {
  locate(ipAddress: string): Promise<Located>;
  close(): Promise<void>;
}

export interface Location {
  /** ISO 3166, two letters, capital. */
  readonly countryCode: string;
  readonly region?: string;
  readonly city?: string;
}

export type Located =
  /** `source`: a file of ours, a service that was asked, or its answer kept from before. */
  | { readonly ok: true; readonly location: Location; readonly source: 'file' | 'service' | 'cache' }
  | { readonly ok: false; readonly failure: GeolocationFailure };

/** `unknown`: nothing is known of this address, or it is none. */
export type GeolocationFailure = 'call_failed' | 'response_invalid' | 'unknown';

/** Empty where it is no country's code: nothing else of a location is told then. */
export function locationOf(fields: {
  readonly countryCode: unknown;
  readonly region: unknown;
  readonly city: unknown;
}): Location | undefined {
  const { countryCode } = fields;
  if (typeof countryCode !== 'string' || !/^[A-Z]{2}$/.test(countryCode)) return undefined;
  const [region, city] = [nameOf(fields.region), nameOf(fields.city)];
  return { countryCode, ...(region && { region }), ...(city && { city }) };
}

/** What services write where they know nothing. */
const NO_NAME = new Set(['', '-', 'N/A', 'n/a', 'Unknown']);

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && !NO_NAME.has(value.trim()) ? value.trim() : undefined;
}
