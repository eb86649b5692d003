/**
 * Passive failure counting: a backend goes out once `fails` requests to it have failed, and may be tried again `outUs` after the last failure.
 * Failures are forgotten by the first success that was picked more than `windowUs` after the last of them. So after its return one more
 * failure sends a backend out again, and one success clears it. Real requests are the only probes.
 *
 * Cost: O(1) a response, O(n) a sweep, two numbers a backend.
 *
 * Fails when: traffic is thin, as nothing is learnt between requests; when fails = 1 and a stray timeout costs a good backend its turn; and when
 * all backends fail together, since somebody must stay (the engine's panic threshold, not this policy). A response with status 500 is a response:
 * a backend that answers errors fast keeps its share.
 *
 * Source: nginx, `max_fails` (default 1) and `fail_timeout` (default 10 s, here both `windowUs` and `outUs`), as ngx_http_upstream_round_robin.c
 * applies them.
 *
 * Real systems: nginx counts in whole seconds and lets a single request try first, where here all that arrive until it fails may (DECISIONS.md, 16). It never takes out
 * the only backend of a pool. HAProxy `observe` counts against an error limit, Envoy runs of 5xx (outlier detection).
 */
import { invariant } from '../core/invariant.ts';
import type { Backend, Health, HealthPolicy, Outcome } from '../core/policy.ts';

export function maxFails({
  fails = 1,
  windowUs = 10_000_000,
  outUs = windowUs,
}: { readonly fails?: number; readonly windowUs?: number; readonly outUs?: number } = {}): HealthPolicy {
  invariant(
    Number.isInteger(fails) && fails >= 1,
    `max-fails: fails must be a whole number of at least 1, found ${fails}`,
  );
  invariant(windowUs > 0, `max-fails: windowUs must be above 0, found ${windowUs}`);
  invariant(outUs > 0, `max-fails: outUs must be above 0, found ${outUs}`);
  const states = new WeakMap<Backend, { failures: number; lastUs: number; out: boolean }>();

  return {
    observe(backend, signal, ctx) {
      if (signal.kind !== 'response') return undefined;
      const state = states.get(backend);
      if (!failed(signal.outcome)) {
        const pickedUs = ctx.nowUs - signal.outcome.latencyUs;
        if (state !== undefined && !state.out && pickedUs - state.lastUs > windowUs) state.failures = 0;
        return undefined;
      }
      const failures = (state?.failures ?? 0) + 1;
      const out = failures >= fails;
      states.set(backend, { failures, lastUs: ctx.nowUs, out });
      return out && !state?.out ? 'unhealthy' : undefined;
    },
    sweep(backends, ctx) {
      const back = new Map<Backend, Health>();
      for (const backend of backends) {
        const state = states.get(backend);
        if (!state?.out || ctx.nowUs - state.lastUs <= outUs) continue;
        state.out = false;
        back.set(backend, 'healthy');
      }
      return back.size > 0 ? back : undefined;
    },
  };
}

/** What nginx counts by default (`error timeout`): a broken or missing answer, not a bad status. */
function failed(outcome: Outcome): boolean {
  return outcome.kind === 'refused' || outcome.kind === 'timeout' || outcome.kind === 'reset';
}
