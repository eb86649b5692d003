/**
 * Least connections: a backend with the fewest requests in flight; among equals, each with the same probability.
 *
 * The backends stand in one row sorted by their count, so all with the same count stand together, and `end[c]` says where those with c requests
 * end. A count moves by 1: the backend trades places with the last (or first) of its group and the border moves past it. Nothing is searched.
 *
 * Cost: O(1) a pick, a start or an end; O(n + largest count) a change of the pool; 12 bytes and a Map entry a backend.
 *
 * Fails when: a backend fails fast. Errors free it at once, so it looks idle and draws all the traffic, until a health check takes it out.
 * Several balancers see only their own requests and herd to the same idle backend. In a pool that is mostly idle every pick is a tie.
 *
 * Source: the definition itself. Ties are drawn because a fixed order would load the first of the pool (ingress-nginx, issue 1780).
 * (DECISIONS.md, 9)
 *
 * Real systems: nginx least_conn compares conns / weight and settles ties by smooth weighted round robin. HAProxy leastconn compares
 * (conns + 1) / weight in coarse steps, ties by who waited longest, and forgets weights while idle. AWS calls it least outstanding requests.
 * Envoy's LEAST_REQUEST is power of two choices unless told to scan.
 */
import type { Backend, Picker } from '../core/policy.ts';

export function leastConnections(): Picker {
  let members: readonly Backend[] = [];
  let indexOf = new Map<Backend, number>();
  /** Indices of members, sorted by count. */
  let row = new Int32Array(0);
  /** Where each member stands in `row`. */
  let place = new Int32Array(0);
  let count = new Int32Array(0);
  /** end[c]: how many members have c requests or fewer. */
  let end: number[] = [];
  /** The member picked last: its start is the next thing heard, and needs no look-up. */
  let picked = 0;

  function stand(index: number, at: number): void {
    row[at] = index;
    place[index] = at;
  }

  function trade(index: number, at: number): void {
    stand(row[at]!, place[index]!);
    stand(index, at);
  }

  /** Follows the engine's count, which has moved since the last hook: by 1, if hooks and pool changes come one at a time. */
  function follow(backend: Backend): void {
    const index = members[picked] === backend ? picked : indexOf.get(backend);
    if (index === undefined) return; // It left the pool before its request ended.
    const inFlight = backend.inFlight;
    while (count[index]! < inFlight) {
      const from = count[index]!;
      trade(index, end[from]! - 1);
      end[from]! -= 1;
      count[index] = from + 1;
      if (end.length === from + 1) end.push(members.length);
    }
    while (count[index]! > inFlight) {
      const to = count[index]! - 1;
      trade(index, end[to]!);
      end[to]! += 1;
      count[index] = to;
    }
  }

  return {
    onPoolChange(backends) {
      members = backends.slice();
      indexOf = new Map(members.map((backend, index) => [backend, index]));
      count = Int32Array.from(members, (backend) => backend.inFlight);
      row = new Int32Array(members.length);
      place = new Int32Array(members.length);
      end = sortByCount(count, stand);
    },
    pick(_backends, _request, ctx) {
      const fewest = count[row[0]!]!;
      picked = row[ctx.rng.int(end[fewest]!)]!;
      return members[picked];
    },
    onRequestStart: follow,
    onRequestEnd: follow,
  };
}

/** Counting sort: tells `stand` each index and its place, and answers the ends of the groups. */
function sortByCount(count: Int32Array, stand: (index: number, at: number) => void): number[] {
  const end = new Array<number>(count.reduce((most, c) => Math.max(most, c), 0) + 1).fill(0);
  for (const c of count) end[c]! += 1;
  for (let c = 1; c < end.length; c += 1) end[c]! += end[c - 1]!;
  const next = [0, ...end];
  count.forEach((c, index) => {
    stand(index, next[c]!);
    next[c]! += 1;
  });
  return end;
}
