/**
 * Least time as Traefik has it (`leasttime`): the smallest mean of the last 100 response times, times (requests in flight + 1), over weight. Of equals the one with the
 * earliest deadline, which then moves on by 1 / weight; deadlines start one behind the other.
 *
 * Cost: O(n) a pick by nature; O(n) a change of the pool; 100 numbers a backend. With one backend nothing is counted.
 *
 * Fails when: a server is cold: it counts 0 whatever is under way there, so it takes every request until its first answer; a burst meets it unprepared. And errors are
 * fast answers.
 *
 * Source: Traefik, loadbalancer/leasttime/leasttime.go; it takes the time to the first byte, here an attempt has one latency.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { PerBackend } from './load/load-metric.ts';
import { recentMean } from './load/recent-mean.ts';

export function traefikLeastTime(): Picker {
  const times = recentMean();
  const deadlines = new PerBackend(() => ({ at: 0 }));
  let latest = 0;

  function earliest(backends: readonly Backend[], tied: readonly number[]): Backend {
    let chosen = backends[tied[0]!]!;
    for (const index of tied)
      if (deadlines.of(backends[index]!).at < deadlines.of(chosen).at) chosen = backends[index]!;
    const deadline = deadlines.of(chosen);
    deadline.at += 1 / chosen.weight;
    latest = Math.max(latest, deadline.at);
    return chosen;
  }

  const tied: number[] = [];
  return {
    onPoolChange(backends) {
      for (const backend of backends) {
        if (deadlines.has(backend)) continue;
        latest += 1 / backend.weight;
        deadlines.of(backend).at = latest;
      }
    },
    pick(backends, _request, ctx) {
      if (backends.length === 1) return backends[0];
      let least = Infinity;
      for (let index = 0; index < backends.length; index += 1) {
        const score = times.load(backends[index]!, ctx);
        if (score > least) continue;
        if (score < least) tied.length = 0;
        least = score;
        tied.push(index);
      }
      return tied.length === 1 ? backends[tied[0]!] : earliest(backends, tied);
    },
    onRequestEnd: (backend, request, outcome, ctx) => times.onRequestEnd?.(backend, request, outcome, ctx),
  };
}
