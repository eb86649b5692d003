/**
 * Least bandwidth: who moved the fewest bytes lately, request and response bodies together; of equals, whose number moved longest ago. `decayUs` says how
 * long "lately" is (14 s).
 *
 * Cost: O(log n) a start or end, O(1) a pick. (least-load.ts)
 *
 * Fails when: requests bring no bytes: nothing moves, and all go to whoever is first. A response counts when it has ended, so a burst meets yesterday's numbers.
 *
 * Source: NetScaler LEASTBANDWIDTH. Real systems: Apache `bytraffic` adds up bytes over weight and never forgets.
 */
import type { Picker } from '../core/policy.ts';
import { leastLoad } from './least-load.ts';

export function leastBandwidth({ decayUs }: { readonly decayUs?: number } = {}): Picker {
  return leastLoad({ metric: 'bandwidth', ...(decayUs !== undefined && { decayUs }) });
}
