import { createDeviceClient, type DeviceClient } from '../../sdk/index.ts';
import { createIndexedDbStore } from '../../sdk/indexeddb-store.ts';

const LIST = 'countersign-phones';
const DEFAULT_NUMBER = '+31612345678';

/** A phone of this browser, as its list shows it; its keys lie in a database of their own. */
export interface PhoneRecord {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  /** E.164: where its messages go. */
  readonly number: string;
}

export interface Answered {
  readonly transactionId: string;
  readonly message: string;
  readonly status: string;
  /** Epoch ms. */
  readonly atMs: number;
}

export function listPhones(): readonly PhoneRecord[] {
  return readList(LIST);
}

/** Adds or replaces. */
export function keepPhone(phone: PhoneRecord): void {
  const others = listPhones().filter(({ id }) => id !== phone.id);
  localStorage.setItem(LIST, JSON.stringify([...others, phone]));
}

/** Its keys are deleted with it; nothing may use its client any more. */
export async function forgetPhone({ id }: PhoneRecord): Promise<void> {
  localStorage.setItem(LIST, JSON.stringify(listPhones().filter((phone) => phone.id !== id)));
  localStorage.removeItem(answeredIn(id));
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(databaseOf(id));
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

export function newPhone(userId: string, name: string): PhoneRecord {
  return { id: crypto.randomUUID(), name, userId, number: DEFAULT_NUMBER };
}

/** The phone's client; the server is the one that this page came from. */
export function clientOf(id: string): DeviceClient {
  return createDeviceClient({ serverUrl: location.origin, store: createIndexedDbStore({ name: databaseOf(id) }) });
}

const MAX_ANSWERED = 30;

/** What this phone has answered, the newest first. */
export function listAnswered(id: string): readonly Answered[] {
  return readList(answeredIn(id));
}

export function keepAnswered(id: string, answered: Answered): void {
  const others = listAnswered(id).filter(({ transactionId }) => transactionId !== answered.transactionId);
  localStorage.setItem(answeredIn(id), JSON.stringify([answered, ...others].slice(0, MAX_ANSWERED)));
}

const databaseOf = (id: string): string => `countersign-phone-${id}`;
const answeredIn = (id: string): string => `countersign-answered-${id}`;

function readList<Entry>(key: string): readonly Entry[] {
  const text = localStorage.getItem(key);
  return text === null ? [] : (JSON.parse(text) as Entry[]);
}
