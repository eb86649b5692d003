/**
 * HAProxy's map-based hashing (`hash-type map-based`, its default): a table with one slot for each unit of weight of the usable servers, and a key takes slot
 * hash mod length.
 *
 * Cost: O(key) a pick, O(n + total weight) a change of the pool in time and memory.
 *
 * Fails when: any server comes or goes: the length changes and of n - 1 in n keys the slot with it, also those of servers that stayed. HAProxy's manual warns
 * of caches for that reason.
 *
 * Source: haproxy src/lb_map.c and src/backend.c; test/conformance replays recorded picks of `balance source`, `uri` and `hdr`.
 *
 * Real systems: a full server keeps its keys: they queue for it, which here is declining. Without the key (a header that is not sent) the table is walked in turn.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { haproxyHash } from './haproxy-key.ts';
import type { HaproxyHashOptions } from './haproxy-key.ts';
import { haproxyMap } from './haproxy-map.ts';
import { wholeWeights } from './whole-weights.ts';

export function haproxyMapHash(options: HaproxyHashOptions = {}): Picker {
  const hashOf = haproxyHash(options);
  let members: readonly Backend[] = [];
  let map: Int32Array = new Int32Array(0);
  /** Where the walk goes on for requests without the key. */
  let turn = 0;

  function walk(avoid: Backend | undefined): Backend | undefined {
    let avoided: Backend | undefined;
    for (let step = 0; step < map.length; step += 1) {
      if (turn >= map.length) turn = 0;
      const server = members[map[turn]!]!;
      turn += 1;
      if (server.full) continue;
      if (server !== avoid) return server;
      avoided = server;
    }
    return avoided;
  }

  return {
    skipsFull: true,
    onPoolChange(backends) {
      members = backends.slice();
      map = haproxyMap(wholeWeights('haproxy-map-hash', members));
    },
    pick(_backends, request) {
      const hash = hashOf(request);
      if (hash === undefined) return walk(request.tried.at(-1));
      const server = members[map[hash % map.length]!]!;
      return server.full ? undefined : server;
    },
  };
}
