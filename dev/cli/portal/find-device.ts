import { CommandError } from '../failures.ts';
import type { PortalApi } from '../portal-api.ts';

/**
 * The device on which a user can be asked. A type that the user can not be asked with does not count here:
 * begin will say so in the API's own words. Throws when the user has no device at all.
 */
export async function findDevice(api: PortalApi, userId: string, type: string): Promise<string> {
  const available = await api.listAvailable(userId);
  const ofType = available.filter((candidate) => candidate.type === type);
  const [device] = [...ofType, ...available].flatMap(({ apps_enrolled_for_push }) => apps_enrolled_for_push ?? []);
  if (device) return device.device_id;
  throw new CommandError(`${userId} has no enrolled phone: \`npm run phone -- enrol --user ${userId}\` makes one.`);
}
