import type { DemoPorts } from './data-folder.ts';
import { claimPort, type PortClaim } from './free-port.ts';

/** The parts that listen. */
export type PortName = keyof DemoPorts;

/** Where people expect the parts. */
const USUAL_PORTS: Readonly<Record<PortName, number>> = {
  api: 8080,
  simulator: 8090,
  codec: 8091,
  twilio: 8092,
  apns: 8093,
  apnsProduction: 8094,
  apnsDevelopment: 8095,
  verifier: 8096,
  temporal: 7233,
  temporalUi: 8233,
  postgres: 54320,
};

/** A port for each part, kept from other starts until released. */
export type ClaimedPorts = Readonly<Record<PortName, PortClaim>>;

/** A port for each part: the one used last time in this folder, else the usual one, else the next that is free. */
export async function claimPorts(remembered: DemoPorts | undefined): Promise<ClaimedPorts> {
  const claims: Partial<Record<PortName, PortClaim>> = {};
  // One after the other, so that no two of our own meet on one port.
  for (const name of Object.keys(USUAL_PORTS) as PortName[]) {
    claims[name] = await claimPort(remembered?.[name], USUAL_PORTS[name]);
  }
  return claims as ClaimedPorts;
}

/** Gives all of them up. */
export async function releasePorts(claims: ClaimedPorts): Promise<void> {
  await Promise.all(Object.values(claims).map((claim) => claim.release()));
}
