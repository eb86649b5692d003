/**
 * Two loads measured in bytes.
 *
 * Bytes in flight: the bodies of the requests under way, plus one for each request so that those without a body count.
 * Bandwidth: bodies in both directions per second, lately: a byte's weight falls to 1/e over the window (NetScaler's LEASTBANDWIDTH looks at the last
 * 14 seconds, which is the default). All weights fall by the same factor, so one sum for each backend is enough and the order changes only with events.
 *
 * Cost: O(1), two numbers a backend. Fails when: what takes long is not what is large. Real systems: NetScaler; Apache `bytraffic` adds up bytes for good.
 */
import { exp, ln } from '../../core/maths.ts';
import type { Backend } from '../../core/policy.ts';
import type { EwmaOptions } from './ewma.ts';
import { PerBackend, RANK_OF_NOTHING } from './load-metric.ts';
import type { LoadMetric } from './load-metric.ts';

const WINDOW_US = 14_000_000;

export function bytesInFlight(): LoadMetric {
  const open = new PerBackend(() => ({ bytes: 0 }));
  const load = (backend: Backend) => open.of(backend).bytes + backend.inFlight;
  return {
    load,
    rank: load,
    onRequestStart(backend, { bytes }) {
      open.of(backend).bytes += bytes;
    },
    onRequestEnd(backend, { bytes }) {
      open.of(backend).bytes -= bytes;
    },
  };
}

export function bandwidth({ decayUs = WINDOW_US }: EwmaOptions = {}): LoadMetric {
  const sums = new PerBackend(() => ({ bytes: 0, atUs: 0 }));

  function add(backend: Backend, bytes: number, nowUs: number): void {
    const sum = sums.of(backend);
    sum.bytes = sum.bytes * exp(-(nowUs - sum.atUs) / decayUs) + bytes;
    sum.atUs = nowUs;
  }

  return {
    load(backend, { nowUs }) {
      const { bytes, atUs } = sums.of(backend);
      return (bytes * exp(-(nowUs - atUs) / decayUs) * 1_000_000) / decayUs;
    },
    rank(backend) {
      const { bytes, atUs } = sums.of(backend);
      return bytes > 0 ? ln(bytes) + atUs / decayUs : RANK_OF_NOTHING;
    },
    onRequestStart: (backend, { bytes }, { nowUs }) => add(backend, bytes, nowUs),
    onRequestEnd: (backend, _request, { bytes }, { nowUs }) => add(backend, bytes, nowUs),
  };
}
