/**
 * nginx's round robin, whole: smooth weighted round robin with an effective weight that failures lower, and with max_fails, fail_timeout and max_conns.
 *
 * A failure takes floor(weight / max_fails) from the effective weight, down to 0; at each pick that looks at the backend it regains 1. So with max_fails 1 a
 * heavy backend that returns begins at nothing and grows: a small slow start. A backend with max_fails failures is passed over, its current frozen, until
 * more than fail_timeout whole seconds have gone by since it was last checked; then one request goes there, and others only once that has ended well. A success
 * forgets the failures if the last of them lies before the check. One request tries no backend twice, and declines when it has tried all.
 *
 * Cost: O(n) a pick (that is the definition), O(n) a change of the pool, six numbers a backend.
 *
 * Fails when: max_fails 1, the default, meets one lost packet: the backend is out for fail_timeout. When all are out, requests are refused unasked
 * until the time is over. A pool of one is never judged.
 *
 * Source: nginx, ngx_http_upstream_round_robin.c; test/conformance replays recorded picks. (DECISIONS.md, 43)
 *
 * Real systems: nginx's default; each worker process keeps its own state unless the upstream has a `zone`. What counts as a failure is
 * proxy_next_upstream: an error or a timeout, not a status, unless told.
 */
import type { Backend, Outcome, Picker } from '../core/policy.ts';

const SECOND_US = 1_000_000;
/** nginx's own defaults: max_fails=1 fail_timeout=10s. */
const MAX_FAILS = 1;
const FAIL_TIMEOUT_US = 10 * SECOND_US;

interface Options {
  /** 0: failures are not counted. */
  readonly maxFails?: number;
  readonly failTimeoutUs?: number;
  /** The least status that is a failure, for example 500. Absent: none is. */
  readonly failStatus?: number;
}

/** What nginx keeps of a server beside its counts. */
export interface Standing {
  readonly effective: number;
  readonly current: number;
  readonly fails: number;
}

export interface NginxRoundRobin extends Picker {
  /** For whoever wants to look on; undefined: it was never eligible. */
  standing(backend: Backend): Standing | undefined;
}

interface Peer extends Standing {
  readonly backend: Backend;
  weight: number;
  effective: number;
  current: number;
  fails: number;
  /** In whole seconds: when it last failed, and when it last failed or was tried again. */
  accessed: number;
  checked: number;
}

export function nginxRoundRobin({
  maxFails = MAX_FAILS,
  failTimeoutUs = FAIL_TIMEOUT_US,
  failStatus = Infinity,
}: Options = {}): NginxRoundRobin {
  const failTimeout = Math.ceil(failTimeoutUs / SECOND_US);
  const known = new WeakMap<Backend, Peer>();
  let peers: readonly Peer[] = [];
  /** How many the configuration has; undefined: it was not told. */
  let configured: number | undefined;
  let alone = false;

  function out(peer: Peer, now: number): boolean {
    return maxFails > 0 && peer.fails >= maxFails && now - peer.checked <= failTimeout;
  }

  function failed({ kind, status }: Outcome): boolean {
    return kind !== 'served' || status >= failStatus;
  }

  return {
    standing: (backend) => known.get(backend),
    skipsFull: true,
    onMembersChange(members) {
      configured = members.length;
    },
    onPoolChange(backends) {
      peers = backends.map((backend) => {
        const { weight } = backend;
        let peer = known.get(backend);
        if (peer === undefined) {
          peer = { backend, weight, effective: weight, current: 0, fails: 0, accessed: 0, checked: 0 };
          known.set(backend, peer);
        }
        if (peer.weight !== weight) {
          peer.effective = Math.max(0, Math.min(weight, peer.effective + weight - peer.weight));
          peer.weight = weight;
        }
        return peer;
      });
      alone = (configured ?? peers.length) === 1;
    },
    pick(_backends, { tried }, ctx) {
      const now = Math.floor(ctx.nowUs / SECOND_US);
      if (alone) return peers[0]!.backend.full || tried.length > 0 ? undefined : peers[0]!.backend;
      let best: Peer | undefined;
      let total = 0;
      for (let i = 0; i < peers.length; i += 1) {
        const peer = peers[i]!;
        if (peer.fails > 0 && out(peer, now)) continue;
        if (peer.backend.full || (tried.length > 0 && tried.includes(peer.backend))) continue;
        peer.current += peer.effective;
        total += peer.effective;
        if (peer.effective < peer.weight) peer.effective = Math.min(peer.weight, peer.effective + 1);
        if (best === undefined || peer.current > best.current) best = peer;
      }
      if (best === undefined) return undefined;
      best.current -= total;
      if (now - best.checked > failTimeout) best.checked = now;
      return best.backend;
    },
    onRequestEnd(backend, _request, outcome, ctx) {
      const peer = known.get(backend);
      if (peer === undefined || alone) return;
      if (!failed(outcome)) {
        if (peer.accessed < peer.checked) peer.fails = 0;
        return;
      }
      peer.fails += 1;
      peer.accessed = Math.floor(ctx.nowUs / SECOND_US);
      peer.checked = peer.accessed;
      if (maxFails > 0) peer.effective = Math.max(0, peer.effective - Math.floor(peer.weight / maxFails));
    },
  };
}
