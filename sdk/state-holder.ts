import type { DeviceState, DeviceStore } from './device-store.ts';

/** The state of one phone, changed by one operation at a time. */
export interface StateHolder {
  read(): Promise<DeviceState | undefined>;
  /** Loads, changes and saves, one after the other: two taps on a button never overwrite each other's result. */
  update(change: (state: DeviceState | undefined) => Promise<DeviceState> | DeviceState): Promise<DeviceState>;
}

/** Puts the changes of one client in order; where the store is shared, those of other processes too. */
export function createStateHolder(store: DeviceStore): StateHolder {
  let last: Promise<unknown> = Promise.resolve();

  const change: StateHolder['update'] = async (changeState) => {
    const before = await store.load();
    const after = await changeState(before);
    if (after !== before) await store.save(after);
    return after;
  };

  return {
    read: () => store.load(),
    update(changeState) {
      const work = () => change(changeState);
      const turn = () => (store.exclusively ? store.exclusively(work) : work());
      // A failed change has told its own caller; the next one has its turn all the same.
      const mine = last.then(turn, turn);
      last = mine;
      return mine;
    },
  };
}
