import type { DeviceState } from './device-store.ts';

/** True for what a store of this version has saved. */
export function isDeviceState(value: unknown): value is DeviceState {
  if (typeof value !== 'object' || value === null) return false;
  const state = value as Partial<Record<keyof DeviceState, unknown>>;
  return (
    state.version === 1 &&
    typeof state.deviceId === 'string' &&
    typeof state.keys === 'object' &&
    state.keys !== null &&
    Array.isArray(state.fetches) &&
    Array.isArray(state.answers)
  );
}
