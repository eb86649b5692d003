import { invariant } from '../core/invariant.ts';
import type { Backend } from '../core/policy.ts';

/** The weights of the backends; for tables that hold a backend as often as its weight says. */
export function wholeWeights(picker: string, backends: readonly Backend[]): Float64Array {
  return Float64Array.from(backends, ({ id, weight }) => {
    invariant(Number.isInteger(weight), `${picker}: weights must be whole numbers, found ${weight} on ${id}`);
    return weight;
  });
}
