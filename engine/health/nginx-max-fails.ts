/**
 * nginx's passive check, to the letter: `max_fails` failures take a peer out until more than `fail_timeout` has passed since it was last checked; then one request
 * goes there, alone, and the next only after another `fail_timeout` or when that one has succeeded. Failures are forgotten by a success, but only if the
 * last of them came before the peer was last checked: a request that is sent more than `fail_timeout` after that renews it, a failure does too.
 * Time is in whole seconds. A pool of one peer never loses it, and `max_fails` 0 never takes anybody out.
 *
 * Cost: O(1) a request and a response, O(n) a sweep (each second, when its clock moves), three numbers a backend.
 *
 * Fails when: max_fails is 1 (the default) and a stray timeout costs a good peer ten seconds; and when all fail: nobody is tried until the time is up, and
 * every request gets a 502 at once.
 *
 * Source: nginx, `max_fails` (default 1) and `fail_timeout` (default 10 s), ngx_http_upstream_get_peer and ngx_http_upstream_free_round_robin_peer. That nginx
 * also lowers the peer's effective weight is its picker's business. `statuses`: those of `proxy_next_upstream http_500 …`, which count as failures.
 *
 * Real systems: nginx picks first and looks at the clock then; here a sweep brings the peer back when its time is up, which is the same moment, since that clock
 * moves once a second. `max-fails` is the same idea without trial and clock.
 */
import { invariant } from '../core/invariant.ts';
import type { Backend, Context, Health, HealthPolicy, Outcome } from '../core/policy.ts';

export interface NginxMaxFailsOptions {
  readonly maxFails?: number;
  readonly failTimeoutUs?: number;
  /** "error", "timeout" and statuses such as "http_503", as proxy_next_upstream has them. */
  readonly failures?: string;
}

interface Peer {
  fails: number;
  /** Whole seconds: the last failure, and the last time its time out began anew. */
  accessed: number;
  checked: number;
  out: boolean;
}

const SECOND_US = 1_000_000;

export function nginxMaxFails({
  maxFails = 1,
  failTimeoutUs = 10 * SECOND_US,
  failures = 'error timeout',
}: NginxMaxFailsOptions = {}): HealthPolicy & { failsOf(backend: Backend): number } {
  invariant(
    Number.isInteger(maxFails) && maxFails >= 0,
    `nginx-max-fails: maxFails must be a whole number, found ${maxFails}`,
  );
  invariant(failTimeoutUs > 0, `nginx-max-fails: failTimeoutUs must be above 0, found ${failTimeoutUs}`);
  const failTimeout = Math.floor(failTimeoutUs / SECOND_US);
  const counted = new Set(failures.split(/\s+/));
  const peers = new WeakMap<Backend, Peer>();
  let single = false;

  function peerOf(backend: Backend): Peer {
    let peer = peers.get(backend);
    if (peer === undefined) peers.set(backend, (peer = { fails: 0, accessed: 0, checked: 0, out: false }));
    return peer;
  }

  /** Puts into `out` what nginx would find if it looked at the peer now. Answers the change. */
  function look(peer: Peer, ctx: Context): Health | undefined {
    const out = !single && maxFails > 0 && peer.fails >= maxFails && seconds(ctx) - peer.checked <= failTimeout;
    if (out === peer.out) return undefined;
    peer.out = out;
    return out ? 'unhealthy' : 'healthy';
  }

  return {
    sweepEveryUs: SECOND_US,
    failsOf: (backend) => peerOf(backend).fails,
    onPoolChange(backends) {
      single = backends.length === 1;
    },
    onRequestStart(backend, ctx) {
      const peer = peerOf(backend);
      const now = seconds(ctx);
      if (now - peer.checked > failTimeout) peer.checked = now;
      return look(peer, ctx);
    },
    observe(backend, signal, ctx) {
      if (signal.kind !== 'response') return undefined;
      const peer = peerOf(backend);
      if (single) {
        peer.fails = 0;
      } else if (isFailure(signal.outcome, counted)) {
        peer.fails += 1;
        peer.accessed = peer.checked = seconds(ctx);
      } else if (peer.accessed < peer.checked) {
        peer.fails = 0;
      }
      return look(peer, ctx);
    },
    sweep(backends, ctx) {
      const changed = new Map<Backend, Health>();
      for (const backend of backends) {
        const peer = peers.get(backend);
        const health = peer && look(peer, ctx);
        if (health !== undefined) changed.set(backend, health);
      }
      return changed.size > 0 ? changed : undefined;
    },
  };
}

function seconds(ctx: Context): number {
  return Math.floor(ctx.nowUs / SECOND_US);
}

function isFailure({ kind, status }: Outcome, counted: ReadonlySet<string>): boolean {
  if (kind === 'timeout') return counted.has('timeout');
  if (kind === 'refused' || kind === 'reset') return counted.has('error');
  return counted.has(`http_${status}`);
}
