import type { DeviceKeys, DeviceState, DeviceStore } from './device-store.ts';
import { isDeviceState } from './is-device-state.ts';
import { hidePrivateHalf } from './signing-key.ts';

const OBJECT_STORE = 'device';
const KEY = 'state';
const LOCK_WAIT_MS = 15_000;

/** Where the state is kept; one name is one phone. */
export interface IndexedDbStoreOptions {
  /** Name of the database; `countersign` by default. */
  readonly name?: string;
  /** The platform's by default. */
  readonly indexedDB?: IDBFactory;
  /** The platform's by default. */
  readonly locks?: Pick<LockManager, 'request'>;
}

/**
 * A store in a browser's IndexedDB, shared by the pages and workers of one origin: their changes wait for each other by a
 * Web Lock, which ends with its page. A saved state is replaced as a whole and is on the disk before `save` resolves.
 * Keys for signatures are kept so that nobody can take them along, scripts of the origin included; these can use them
 * and read the rest, the OpenPGP key among it: keep foreign ones out. Throws where the platform has no IndexedDB or no Web Locks;
 * `load` throws for a database that holds something else.
 */
export function createIndexedDbStore(options: IndexedDbStoreOptions = {}): DeviceStore {
  const { name = 'countersign', indexedDB = globalThis.indexedDB, locks = globalThis.navigator?.locks } = options;
  if (!indexedDB || !locks) throw new Error('this platform has no IndexedDB, or no Web Locks');

  async function inTransaction<T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    const database = await open(indexedDB, name);
    try {
      const transaction = database.transaction(OBJECT_STORE, mode, { durability: 'strict' });
      const request = work(transaction.objectStore(OBJECT_STORE));
      await committed(transaction);
      return request.result;
    } finally {
      database.close();
    }
  }

  return {
    async load() {
      const value: unknown = await inTransaction('readonly', (store) => store.get(KEY));
      if (value === undefined) return undefined;
      if (!isDeviceState(value))
        throw new Error(`the database ${name} does not hold the state of a device (version 1)`);
      return value;
    },
    async save(state: DeviceState) {
      const hidden = await hideSigningKeys(state);
      await inTransaction('readwrite', (store) => store.put(hidden, KEY));
    },
    exclusively: (work) => {
      const signal = AbortSignal.timeout(LOCK_WAIT_MS);
      return locks.request(`countersign-store:${name}`, { signal }, work);
    },
  };
}

async function hideSigningKeys(state: DeviceState): Promise<DeviceState> {
  const { keys, nextKeys, enrolment } = state;
  return {
    ...state,
    keys: await hiddenIn(keys),
    ...(nextKeys && { nextKeys: await hiddenIn(nextKeys) }),
    ...(enrolment?.biometricKey && {
      enrolment: { ...enrolment, biometricKey: await hidePrivateHalf(enrolment.biometricKey) },
    }),
  };
}

async function hiddenIn(keys: DeviceKeys): Promise<DeviceKeys> {
  return { ...keys, signingKey: await hidePrivateHalf(keys.signingKey) };
}

function open(indexedDB: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(OBJECT_STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
  });
}
