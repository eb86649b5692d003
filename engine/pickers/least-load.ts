/**
 * The least of any load: the backend whose load, as a metric tells it, is smallest; of equals, whose number moved longest ago.
 *
 * Where the order of loads changes only with a backend's own requests, the backends stand in a queue by it. Where it changes with time alone
 * (nginx's average), all are looked at.
 *
 * Cost: O(log n) a start or end and O(1) a pick, O(n log n) a change of the pool, 40 bytes and a Map entry a backend; O(n) a pick for a metric without an order
 * of its own.
 *
 * Fails when: the metric misjudges. Choosing the very least sends a burst to one backend before its answers tell how it fares; power of two choices with the same
 * metric does not.
 *
 * Source: the definition. The pickers `least-response-time` and `least-bandwidth` are this one with their metric, as NetScaler has them.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type { LoadMetric } from './load/load-metric.ts';
import { loadMetric } from './load/load-metrics.ts';
import type { MetricOptions } from './load/load-metrics.ts';
import { Members } from './members.ts';

export function leastLoad({ metric = 'in-flight', ...options }: MetricOptions = {}): Picker {
  const measured = loadMetric(metric, options);
  return measured.rank === undefined ? byScan(measured) : byRank(measured, measured.rank.bind(measured));
}

function byRank(metric: LoadMetric, rank: (backend: Backend) => number): Picker {
  const members = new Members();
  let queue = new DeadlineQueue(0);

  function follow(backend: Backend): void {
    const index = members.indexOf(backend);
    if (index < 0) return; // It left the pool before its request ended.
    const now = rank(backend);
    if (now !== queue.deadlineOf(index)) queue.place(index, now);
  }

  return {
    onPoolChange(backends, ctx) {
      metric.onPoolChange?.(backends, ctx);
      members.reset(backends);
      queue = new DeadlineQueue(backends.length);
      backends.forEach((backend, index) => queue.place(index, rank(backend)));
    },
    pick: () => members.at(queue.first),
    onRequestStart(backend, request, ctx) {
      metric.onRequestStart?.(backend, request, ctx);
      follow(backend);
    },
    onRequestEnd(backend, request, outcome, ctx) {
      metric.onRequestEnd?.(backend, request, outcome, ctx);
      follow(backend);
    },
  };
}

function byScan(metric: LoadMetric): Picker {
  /** Ties go round: the scan starts behind the one chosen last. */
  let start = 0;
  return {
    onPoolChange: (backends, ctx) => metric.onPoolChange?.(backends, ctx),
    pick(backends, _request, ctx) {
      let best = -1;
      let least = Infinity;
      for (let step = 0; step < backends.length; step += 1) {
        const at = (start + step) % backends.length;
        const load = metric.load(backends[at]!, ctx);
        if (best >= 0 && load >= least) continue;
        best = at;
        least = load;
      }
      start = best + 1;
      return backends[best];
    },
    onRequestStart: (backend, request, ctx) => metric.onRequestStart?.(backend, request, ctx),
    onRequestEnd: (backend, request, outcome, ctx) => metric.onRequestEnd?.(backend, request, outcome, ctx),
  };
}
