import { CommandError } from '../failures.ts';
import type { PortalApi } from '../portal-api.ts';

/** What is asked where a user has no phone, and the type falls back on SMS; it names no device that there is. */
const NO_DEVICE = 'none';

/**
 * The device on which a user can be asked; undefined for a type that asks no device. A type that the user can not be asked
 * with does not count here: begin will say so in the API's own words. Throws when the user has no device at all, and no
 * SMS may stand in.
 */
export async function findDevice(
  api: PortalApi,
  { userId, type, phoneNumber }: { readonly userId: string; readonly type: string; readonly phoneNumber?: string },
): Promise<string | undefined> {
  const available = await api.listAvailable(userId);
  const ofType = available.filter((candidate) => candidate.type === type);
  if (ofType.some(({ method }) => method === 'SMS')) return undefined;
  const [device] = [...ofType, ...available].flatMap(({ apps_enrolled_for_push }) => apps_enrolled_for_push ?? []);
  if (device) return device.device_id;
  if (phoneNumber !== undefined) return NO_DEVICE;
  throw new CommandError(`${userId} has no enrolled phone: \`npm run phone -- enrol --user ${userId}\` makes one.`);
}
