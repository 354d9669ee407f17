import type { DeviceState, DeviceStore } from './device-store.ts';

/** A store that forgets with its process: for tests and for measurements. */
export function createMemoryStore(): DeviceStore {
  let saved: string | undefined;
  return {
    async load() {
      return saved === undefined ? undefined : (JSON.parse(saved) as DeviceState);
    },
    async save(state) {
      saved = JSON.stringify(state);
    },
  };
}
