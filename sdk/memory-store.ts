import type { DeviceState, DeviceStore } from './device-store.ts';

/** A store that forgets with its process: for tests and for measurements. Several clients may share it. */
export function createMemoryStore(): DeviceStore {
  let saved: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    async load() {
      return saved === undefined ? undefined : (JSON.parse(saved) as DeviceState);
    },
    async save(state) {
      saved = JSON.stringify(state);
    },
    exclusively(work) {
      const mine = last.then(work, work);
      last = mine;
      return mine;
    },
  };
}
