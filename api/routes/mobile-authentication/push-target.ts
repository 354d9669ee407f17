import type { EnrolledDevice } from '../../ports.ts';

/** Versions of the vendor's contract (A1): how exactly each names the phone to be asked. */
export type ApiVersion = 'v2' | 'v3' | 'v4';

/** The phone to be asked: v4 names the device, v3 the application, v2 the user alone. */
export interface PushTarget {
  readonly userId: string;
  readonly deviceId?: string;
  readonly applicationId?: string;
}

/** Those devices of a user that the target names. */
export function devicesOf(devices: readonly EnrolledDevice[], target: PushTarget): readonly EnrolledDevice[] {
  return devices.filter(
    ({ deviceId, applicationId }) =>
      (target.deviceId === undefined || deviceId === target.deviceId) &&
      (target.applicationId === undefined || applicationId === target.applicationId),
  );
}
