import type { UserDevice } from '../../ports.ts';

/** Version of the vendor's device API. */
export type DeviceApiVersion = 'v3' | 'v4';

type TokenType = 'DEFAULT' | 'FINGER_PRINT' | 'CUSTOM_AUTHENTICATOR';

/** A device as this version shows it. */
export function deviceItemOf(device: UserDevice, version: DeviceApiVersion): object {
  const { deviceId: id, name, applicationName: application, platform } = device;
  if (version === 'v3') {
    return {
      ...{ id, name, application, platform },
      created_at: device.createdAtMs,
      token_types: tokenTypesOf(device),
      last_login: device.lastSeenAtMs,
      mobile_authentication_enabled: device.isEnrolled,
      push_authentication_enabled: device.hasPushToken,
    };
  }
  return {
    ...{ id, name, application },
    ...(device.model !== null && { model: device.model }),
    platform,
    ...(device.osVersion !== null && { osVersion: device.osVersion }),
    createdAt: device.createdAtMs,
    tokenTypes: tokenTypesOf(device),
    lastLogin: device.lastSeenAtMs,
    mobileAuthenticationEnabled: device.isEnrolled,
    pushAuthenticationEnabled: device.hasPushToken,
  };
}

/** The vendor's tokens are our keys: what the user can prove themselves by on this device. */
function tokenTypesOf({ isEnrolled, hasBiometricKey, hasCustomAuthenticator }: UserDevice): readonly TokenType[] {
  return [
    ...(isEnrolled ? (['DEFAULT'] as const) : []),
    ...(hasBiometricKey ? (['FINGER_PRINT'] as const) : []),
    ...(hasCustomAuthenticator ? (['CUSTOM_AUTHENTICATOR'] as const) : []),
  ];
}
