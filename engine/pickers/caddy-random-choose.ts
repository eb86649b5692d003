/**
 * The best of a few as Caddy has it (`random_choose`): a reservoir of two or more backends sampled in one pass, then the fewest requests in flight among them;
 * an idle one is taken at once, other ties are drawn.
 *
 * Older Caddy never emptied the list of ties when it met a lower number, so a busier backend that stood earlier could still be drawn: `keepsBusier` shows that.
 *
 * Cost: O(n) a pick by nature (the sample takes a pass and a draw for each backend beyond the first few); no memory.
 *
 * Fails when: the pool is large: it pays for a scan and gets what two draws would give. Idle ones that stand first in the sample win every tie at 0.
 *
 * Source: Caddy, reverseproxy/selectionpolicies.go.
 */
import type { Picker } from '../core/policy.ts';

export interface RandomChooseOptions {
  readonly choices?: number;
  readonly keepsBusier?: boolean;
}

export function caddyRandomChoose({ choices = 2, keepsBusier = false }: RandomChooseOptions = {}): Picker {
  const sample: number[] = [];
  const ties: number[] = [];

  return {
    pick(backends, _request, { rng }) {
      sample.length = 0;
      for (let i = 0; i < backends.length; i += 1) {
        if (sample.length < choices) {
          sample.push(i);
          continue;
        }
        const at = rng.int(i + 1);
        if (at < choices) sample[at] = i;
      }
      ties.length = 0;
      let fewest = Infinity;
      for (const index of sample) {
        const { inFlight } = backends[index]!;
        if (inFlight === 0) return backends[index];
        if (inFlight > fewest) continue;
        if (inFlight < fewest && !keepsBusier) ties.length = 0;
        fewest = inFlight;
        ties.push(index);
      }
      return backends[ties[ties.length === 1 ? 0 : rng.int(ties.length)]!];
    },
  };
}
