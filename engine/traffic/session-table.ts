/**
 * Affinity by a table of sessions: key -> backend. The key is the client's address, a header, a query parameter or a cookie; the balancer remembers where each went. An entry
 * not used for `expireUs` is forgotten, and when the table is full the one used longest ago makes room. With `learn` keys are not taken from requests but from the cookie of that
 * name which the application sets in a response: a client becomes bound when the application opens a session for it, not before.
 *
 * Cost: O(1) a request; a change of the pool O(n). Memory: one entry a session, up to `size`.
 *
 * Fails when: the balancer is lost and nobody has a copy (`changes` and `apply` make one); when many clients share an address; when sessions outnumber the table.
 *
 * Source: HAProxy `stick-table` with `stick on` and `stick store-response`, and `peers`; nginx `sticky learn`.
 *
 * Real systems: HAProxy's peers send each update as it happens and the whole table to a peer that starts; they carry names of servers, as here. nginx shares a zone between its
 * workers and, with Plus, between nodes.
 */
import { invariant } from '../core/invariant.ts';
import type { AffinityPolicy, Backend, Request } from '../core/policy.ts';
import { recentKeys } from './recent-keys.ts';
import { keyOf, valueIn } from './request-key.ts';
import type { KeyOptions } from './request-key.ts';

export interface SessionTableOptions extends KeyOptions {
  readonly size?: number;
  readonly expireUs?: number;
  /** Keys come from cookies of the application; `by` is then `cookie`. */
  readonly learn?: boolean;
}

/** An entry as one balancer tells it to another: plain data. */
export interface Session {
  readonly key: string;
  /** Its id. */
  readonly backend: string;
  readonly usedUs: number;
}

export interface SessionTable extends AffinityPolicy {
  readonly size: number;
  /** All entries, longest unused first: what a standby that starts is sent. */
  snapshot(): Session[];
  /** The entries set or used since the last call, each once: what a standby is sent from then on. */
  changes(): Session[];
  /** Takes entries of another balancer, unless what is here was used later. */
  apply(sessions: readonly Session[]): void;
}

export function sessionTable({
  size = 10_000,
  expireUs = 1_800_000_000,
  learn = false,
  by = learn ? 'cookie' : 'address',
  name = '',
}: SessionTableOptions = {}): SessionTable {
  invariant(!learn || by === 'cookie', 'a learned key is a cookie');
  const key = keyOf({ by, name });
  const keys = recentKeys(size);
  const backendOf: string[] = [];
  const usedUs: number[] = [];
  const changed = new Set<string>();
  let bound = new Map<string, Backend>();

  function put(entry: string, backend: string, nowUs: number): void {
    const slot = keys.use(entry);
    backendOf[slot] = backend;
    usedUs[slot] = nowUs;
    changed.add(entry);
    // What has lost its place in the table is not told either.
    if (changed.size > 2 * size) for (const stale of changed) if (keys.peek(stale) < 0) changed.delete(stale);
  }

  /** The slot of an entry that has not run out, or -1. */
  function alive(request: Request, nowUs: number): number {
    const entry = key(request);
    if (entry === undefined) return -1;
    const slot = keys.peek(entry);
    if (slot < 0 || usedUs[slot]! + expireUs > nowUs) return slot;
    keys.drop(entry);
    return -1;
  }

  const session = (entry: string, slot: number): Session => ({
    key: entry,
    backend: backendOf[slot]!,
    usedUs: usedUs[slot]!,
  });

  return {
    get size() {
      return keys.size;
    },
    onPoolChange(backends) {
      bound = new Map(backends.map((backend) => [backend.id, backend]));
    },
    find(_, request, ctx) {
      const slot = alive(request, ctx.nowUs);
      const backend = slot < 0 ? undefined : bound.get(backendOf[slot]!);
      return backend !== undefined && request.tried.includes(backend) ? undefined : backend;
    },
    remember(backend, request, ctx) {
      const entry = key(request);
      // A learned key was told by the application; it may be moved here, not made up.
      if (entry !== undefined && (!learn || alive(request, ctx.nowUs) >= 0)) put(entry, backend.id, ctx.nowUs);
      return undefined;
    },
    learn(backend, _, cookie, ctx) {
      const value = learn ? valueIn(cookie, ';', name) : undefined;
      if (value !== undefined) put(value, backend.id, ctx.nowUs);
    },
    snapshot: () => [...keys.entries()].map(([entry, slot]) => session(entry, slot)),
    changes() {
      const told = [...changed].filter((entry) => keys.peek(entry) >= 0);
      changed.clear();
      return told.map((entry) => session(entry, keys.peek(entry)));
    },
    apply(sessions) {
      for (const { key: entry, backend, usedUs: atUs } of sessions) {
        const slot = keys.peek(entry);
        if (slot < 0 || usedUs[slot]! <= atUs) put(entry, backend, atUs);
      }
    },
  };
}
