/**
 * Least response time: the smallest average latency times (requests in flight + 1); of equals, whose number moved longest ago. Options: how long a latency
 * counts (`decayUs`, 10 s), what a backend counts that has not answered yet (`defaultUs`, a microsecond: it is tried at once).
 *
 * Cost: O(log n) a start or end, O(1) a pick. (least-load.ts)
 *
 * Fails when: a backend fails fast: each error is a short latency, and the traffic goes there. A backend that joins cold looks like the fastest until its first answers
 * are back; one that was slow and gets no request is remembered as slow.
 *
 * Source: NetScaler LEASTRESPONSETIME. Real systems: nginx least_time and Traefik leasttime are pickers of their own.
 */
import type { Picker } from '../core/policy.ts';
import { leastLoad } from './least-load.ts';
import type { EwmaOptions } from './load/ewma.ts';

export function leastResponseTime(options: EwmaOptions = {}): Picker {
  return leastLoad({ ...options, metric: 'ewma' });
}
