/** Longer ones would not fit an index; what is wrong with one path is then taken for the origin's. */
const MAX_ADDRESS_LENGTH = 1_024;

/** What fails or works as one: scheme, host, port and path of a callback's URI, without its query. */
export function callbackAddressOf(callbackUri: string): string {
  const { origin, pathname } = new URL(callbackUri);
  const address = origin + pathname;
  return address.length <= MAX_ADDRESS_LENGTH ? address : origin;
}
