/**
 * nginx's average of response times, in whole milliseconds: trunc(0.5 + 0.05 new + 0.95 average), the first one as it is, answers only. least_time
 * makes of it the time to finish what is under way: at most 5 s, else rounded up to the next multiple of 20 ms (a multiple still gains 20), times (requests + 1).
 * So close ones tie, and a time nobody has measured counts as 20 ms. Divided by weight.
 *
 * A backend that no pick asked for longer than `idleUs` (fail_timeout) has its average halved once for each such time, in whole seconds: the slow get another try.
 *
 * Cost: O(1), two numbers a backend. Fails when: an average of about 20 answers lags behind what happens; a backend that hangs answers nothing and keeps its
 * good average, with only its requests in flight against it.
 * Source: nginx 1.31, ngx_http_upstream_least_time_module.c (mode last_byte, without `inflight`).
 */
import type { Backend, Context } from '../../core/policy.ts';
import { PerBackend } from './load-metric.ts';
import type { LoadMetric } from './load-metric.ts';

const LARGEST_MS = 5000;
const STEP_MS = 20;
const FAIL_TIMEOUT_US = 10_000_000;

/** `averageMs` and the next answer: the new average. */
export function nextAverageMs(averageMs: number, latencyMs: number): number {
  return averageMs === 0 ? latencyMs : Math.trunc(0.5 + 0.05 * latencyMs + 0.95 * averageMs);
}

/** Milliseconds to finish the requests under way and one more. */
export function estimatedMs(averageMs: number, inFlight: number): number {
  const rounded = averageMs > LARGEST_MS ? LARGEST_MS : averageMs + STEP_MS - (averageMs % STEP_MS);
  return rounded * (inFlight + 1);
}

export interface NginxResponseTime extends LoadMetric {
  /** Not divided by weight. */
  timeMs(backend: Backend, ctx: Context): number;
  /** A pick answered the backend: halving starts anew. */
  chosen(backend: Backend, ctx: Context): void;
}

export function nginxResponseTime({ idleUs = FAIL_TIMEOUT_US }: { readonly idleUs?: number } = {}): NginxResponseTime {
  const idleSeconds = Math.floor(idleUs / 1_000_000);
  const states = new PerBackend(() => ({ averageMs: 0, checkedSeconds: 0 }));

  function timeMs(backend: Backend, { nowUs }: Context): number {
    const { averageMs, checkedSeconds } = states.of(backend);
    const idle = Math.floor(nowUs / 1_000_000) - checkedSeconds;
    const halvings = idle > idleSeconds ? Math.floor(idle / (idleSeconds + 1)) : 0;
    return estimatedMs(halvings < 32 ? averageMs >> halvings : 0, backend.inFlight);
  }

  return {
    timeMs,
    load: (backend, ctx) => timeMs(backend, ctx) / backend.weight,
    chosen(backend, { nowUs }) {
      const state = states.of(backend);
      const nowSeconds = Math.floor(nowUs / 1_000_000);
      if (nowSeconds - state.checkedSeconds > idleSeconds) state.checkedSeconds = nowSeconds;
    },
    onRequestEnd(backend, _request, { kind, latencyUs }) {
      if (kind !== 'served') return;
      const state = states.of(backend);
      state.averageMs = nextAverageMs(state.averageMs, Math.floor(latencyUs / 1000));
    },
  };
}
