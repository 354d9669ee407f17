import type { LookupAddress } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { orAborted } from '../../runtime/or-aborted.ts';

/** Networks that are nobody's business from outside (IANA special-purpose registries, IPv4 and IPv6). */
const PRIVATE_NETWORKS: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
  ['5f00::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const privateNetworks = new BlockList();
for (const [address, prefix, family] of PRIVATE_NETWORKS) privateNetworks.addSubnet(address, prefix, family);

/** Thrown, as the cause of undici's error, when an address may not be called. */
export class AddressNotAllowed extends Error {
  override readonly name = 'AddressNotAllowed';
}

/** True when callbacks may go to this IP address. An IPv4 address in IPv6 clothing is judged as IPv4, by `BlockList` itself. */
export function isAllowedAddress(address: string, allowed: BlockList): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return allowed.check(address, family) || !privateNetworks.check(address, family);
}

/** All addresses of a name. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

const askSystem: Lookup = (host) => lookUp(host, { all: true });

export interface GuardedAgentOptions {
  readonly connections: number;
  /** For the name, and then for the connection. */
  readonly connectTimeoutMs: number;
  /** The system's resolver by default. */
  readonly lookup?: Lookup;
}

/**
 * An HTTP agent that calls public addresses and explicitly allowed networks only. The name is resolved once, and the
 * connection goes to the address that was checked: a name that changes its mind afterwards gains nothing.
 */
export function createGuardedAgent(
  allowed: BlockList,
  { connections, connectTimeoutMs, lookup = askSystem }: GuardedAgentOptions,
): Agent {
  const connector = buildConnector({ timeout: connectTimeoutMs });
  return new Agent({
    connections,
    pipelining: 1,
    connect(target, callback) {
      const host = target.hostname.replace(/^\[|\]$/g, '');
      const resolved = orAborted(resolveAllowed(host, allowed, lookup), AbortSignal.timeout(connectTimeoutMs));
      resolved.then(
        ({ address }) => connector({ ...target, hostname: address, servername: target.servername ?? host }, callback),
        (error: Error) => callback(error, null),
      );
    },
  });
}

async function resolveAllowed(host: string, allowed: BlockList, lookup: Lookup): Promise<LookupAddress> {
  const addresses = isIP(host) ? [{ address: host, family: isIP(host) }] : await lookup(host);
  // One private address among public ones is enough to suspect the name.
  if (addresses.length === 0 || !addresses.every(({ address }) => isAllowedAddress(address, allowed))) {
    throw new AddressNotAllowed('the address is in a private network that is not allowed');
  }
  return addresses[0] as LookupAddress;
}
