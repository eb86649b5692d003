/**
 * Where records stand: in IndexedDB, or in memory when IndexedDB is missing, unreadable or full. Both look the same.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { keyOf, keyPaths, storeNames, type Records, type StoreName } from './records.ts';

export interface Shelf {
  get<S extends StoreName>(store: S, key: readonly string[]): Promise<Records[S] | undefined>;
  /** All records of a store, or those whose key starts with `first`; in order of their keys. */
  all<S extends StoreName>(store: S, first?: string): Promise<Records[S][]>;
  put<S extends StoreName>(store: S, record: Records[S]): Promise<void>;
  clear(): Promise<void>;
}

type Schema = DBSchema & { [S in StoreName]: { key: string[]; value: Records[S] } };

const databaseName = 'ballast';
/** Raise it when a store is added or a record changes shape, and bring old records forward in `upgrade`. */
const databaseVersion = 1;

/**
 * @param onLost called when the browser closes the connection or another tab needs it closed; open again.
 * @throws DOMException when there is no IndexedDB, it cannot be opened, or it was written by a newer version.
 */
export async function openDatabaseShelf(onLost: () => void): Promise<Shelf> {
  const database = await openDB<Schema>(databaseName, databaseVersion, {
    upgrade(database) {
      for (const store of storeNames) database.createObjectStore(store, { keyPath: [...keyPaths[store]] });
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      onLost();
    },
    terminated: onLost,
  });
  return databaseShelf(database);
}

function databaseShelf(database: IDBPDatabase<Schema>): Shelf {
  return {
    get: (store, key) => database.get(store, [...key]) as Promise<never>,
    // In IndexedDB an array sorts after every string, so [first, []] closes the range of keys that start with `first`.
    all: (store, first) =>
      database.getAll(
        store,
        first === undefined ? undefined : IDBKeyRange.bound([first], [first, []]),
      ) as Promise<never>,
    async put(store, record) {
      await database.put(store, record);
    },
    async clear() {
      const transaction = database.transaction(storeNames, 'readwrite');
      await Promise.all([...storeNames.map((store) => transaction.objectStore(store).clear()), transaction.done]);
    },
  };
}

export function memoryShelf(): Shelf {
  const stores = new Map<StoreName, Map<string, unknown>>(storeNames.map((store) => [store, new Map()]));
  const entries = (store: StoreName) => stores.get(store)!;
  return {
    get: (store, key) => Promise.resolve(entries(store).get(JSON.stringify(key)) as never),
    all(store, first) {
      const start = first === undefined ? '[' : JSON.stringify([first]).slice(0, -1);
      const wanted = [...entries(store)].filter(([key]) => key === `${start}]` || key.startsWith(`${start},`));
      const found = first === undefined ? [...entries(store)] : wanted;
      return Promise.resolve(found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record as never));
    },
    put(store, record) {
      entries(store).set(JSON.stringify(keyOf(store, record)), record);
      return Promise.resolve();
    },
    clear() {
      for (const store of stores.values()) store.clear();
      return Promise.resolve();
    },
  };
}

/** A memory shelf with everything that can still be read from another one. */
export async function copyToMemory(from: Shelf): Promise<Shelf> {
  const copy = memoryShelf();
  for (const store of storeNames) {
    const records = await from.all(store).catch(() => []);
    for (const record of records) await copy.put(store, record);
  }
  return copy;
}
