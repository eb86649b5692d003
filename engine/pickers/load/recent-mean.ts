/**
 * Traefik's mean of the last 100 response times, in whole milliseconds, times (requests in flight + 1), divided by weight. Nothing measured: 0, whatever is
 * under way.
 *
 * Cost: O(1), 100 numbers a backend. Fails when: a backend is cold: at 0 it takes every request until the first answer comes back; and the same after answers
 * faster than a millisecond. Source: Traefik, leasttime.go; it stops the clock at the first byte, where here an attempt ends.
 */
import type { Backend } from '../../core/policy.ts';
import { PerBackend } from './load-metric.ts';
import type { LoadMetric } from './load-metric.ts';

const SAMPLES = 100;

class Ring {
  readonly #samples = new Float64Array(SAMPLES);
  #count = 0;
  #sum = 0;

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / Math.min(this.#count, SAMPLES);
  }

  add(sample: number): void {
    const at = this.#count % SAMPLES;
    this.#sum += sample - this.#samples[at]!;
    this.#samples[at] = sample;
    this.#count += 1;
  }
}

export function recentMean(): LoadMetric {
  const rings = new PerBackend(() => new Ring());
  const load = (backend: Backend) => (rings.of(backend).mean * (1 + backend.inFlight)) / backend.weight;
  return {
    load,
    rank: load,
    onRequestEnd(backend, _request, { kind, latencyUs }) {
      if (kind === 'served') rings.of(backend).add(Math.floor(latencyUs / 1000));
    },
  };
}
