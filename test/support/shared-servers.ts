/** What global set-up started and global tear-down must stop; both run in jest's own process. */
export interface SharedServers {
  readonly dataDir: string;
  readonly stop: readonly (() => Promise<void>)[];
}

const holder = globalThis as { countersignTestServers?: SharedServers };

export function holdServers(servers: SharedServers): void {
  holder.countersignTestServers = servers;
}

export function heldServers(): SharedServers | undefined {
  return holder.countersignTestServers;
}
