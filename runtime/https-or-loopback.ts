/** True for an address that nobody on the way can read or change: https, or of this machine. */
export function isHttpsOrLoopback(text: string): boolean {
  // What is no address at all is told by the check before this one.
  if (!URL.canParse(text)) return true;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
}
