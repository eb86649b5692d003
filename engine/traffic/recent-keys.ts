/**
 * A table of keys with a bound: each key has a slot, a small number under which a policy keeps what it counts in columns of its own. When the table is full the
 * key that was not used for the longest time gives its slot away.
 *
 * Cost: O(1) a use, and nothing is allocated for a key that is there. Memory: about 100 bytes a key, whoever sends whatever keys.
 *
 * Fails when: more keys are active than there are slots: a key that was forgotten begins anew, and a limit on it counts from nought.
 *
 * Source: the least recently used list of nginx's `limit_req_zone` and HAProxy's stick tables.
 *
 * Real systems: nginx frees up to two nodes that were idle for a minute and otherwise refuses the request with a 503 before it forgets somebody who is
 * active; HAProxy forgets the oldest, or with `nopurge` takes no new ones.
 */
export interface RecentKeys {
  readonly size: number;
  /** The slot of a key, which is used now. `isNew` says whether it has just got it. */
  use(key: string): number;
  /** Did the last `use` give a slot away? */
  readonly isNew: boolean;
  /** The slot of a key that is there, or -1; using it makes no difference. */
  peek(key: string): number;
  /** Forgets a key. Answers its slot, or -1. */
  drop(key: string): number;
  /** All keys, least recently used first. */
  entries(): Generator<readonly [key: string, slot: number]>;
}

const NONE = -1;

export function recentKeys(capacity: number): RecentKeys {
  const slots = new Map<string, number>();
  const keys: (string | undefined)[] = [];
  const free: number[] = [];
  // A ring in both directions without a head: `newest` is followed by nobody, `oldest` preceded by nobody.
  const older: number[] = [];
  const newer: number[] = [];
  let newest = NONE;
  let oldest = NONE;
  let isNew = false;

  function unlink(slot: number): void {
    const before = older[slot]!;
    const after = newer[slot]!;
    if (before === NONE) oldest = after;
    else newer[before] = after;
    if (after === NONE) newest = before;
    else older[after] = before;
  }

  function linkNewest(slot: number): void {
    older[slot] = newest;
    newer[slot] = NONE;
    if (newest === NONE) oldest = slot;
    else newer[newest] = slot;
    newest = slot;
  }

  function drop(key: string): number {
    const slot = slots.get(key);
    if (slot === undefined) return NONE;
    unlink(slot);
    slots.delete(key);
    keys[slot] = undefined;
    free.push(slot);
    return slot;
  }

  return {
    get size() {
      return slots.size;
    },
    get isNew() {
      return isNew;
    },
    use(key) {
      const known = slots.get(key);
      isNew = known === undefined;
      if (known !== undefined) {
        if (known !== newest) {
          unlink(known);
          linkNewest(known);
        }
        return known;
      }
      if (slots.size >= capacity) drop(keys[oldest]!);
      const slot = free.pop() ?? keys.length;
      keys[slot] = key;
      slots.set(key, slot);
      linkNewest(slot);
      return slot;
    },
    peek: (key) => slots.get(key) ?? NONE,
    drop,
    *entries() {
      for (let slot = oldest; slot !== NONE; slot = newer[slot]!) yield [keys[slot]!, slot];
    },
  };
}
