/**
 * EWMA: the moving average of latencies, times the requests a backend would have with one more.
 *
 * Before its first answer a backend counts as `defaultUs`, and no average counts as less than a microsecond, so that requests in flight tell backends apart
 * that know nothing yet.
 *
 * Cost: O(1), three numbers a backend. Fails when: errors are faster than answers (they look good), and when a slow backend got no request for long: only
 * samples move the average, so it stays slow in memory. The peak EWMA falls when it is read.
 * Source: NetScaler's LEASTRESPONSETIME multiplies the same two. Real systems: ingress-nginx `ewma`.
 */
import type { Backend } from '../../core/policy.ts';
import type { LoadMetric } from './load-metric.ts';
import { PerBackend } from './load-metric.ts';
import { MovingAverage } from './moving-average.ts';

export interface EwmaOptions {
  /** How long a sample counts: after this time its weight is 1/e. */
  readonly decayUs?: number;
  readonly defaultUs?: number;
}

export function ewma({ decayUs = 10_000_000, defaultUs = 1 }: EwmaOptions = {}): LoadMetric {
  const averages = new PerBackend(() => new MovingAverage(decayUs));

  function load(backend: Backend): number {
    const average = averages.of(backend);
    return Math.max(average.empty ? defaultUs : average.value, 1) * (backend.inFlight + 1);
  }

  return {
    load,
    rank: load,
    onRequestEnd(backend, _request, { latencyUs }, { nowUs }) {
      averages.of(backend).add(latencyUs, nowUs);
    },
  };
}
