import { MobileAuthenticationError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';

/** 1003 where callbacks go to configured addresses only and this is none of them, to the letter. Null is no callback. */
export async function refuseUnknownCallback(
  { generalSettings, callbackAddresses }: Pick<ApiDependencies, 'generalSettings' | 'callbackAddresses'>,
  callbackUri: string | null,
): Promise<void> {
  if (callbackUri === null) return;
  const { onlyPreconfiguredCallbacks } = await generalSettings.read();
  if (!onlyPreconfiguredCallbacks || (await callbackAddresses.isConfigured(callbackUri))) return;
  throw new MobileAuthenticationError(1003, 'The parameter callback_uri is not one of the configured addresses.');
}
