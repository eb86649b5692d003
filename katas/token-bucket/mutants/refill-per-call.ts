/**
 * @misconception Every request brings a bit of refill with it.
 * @fails Wrong answer: more is admitted than rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function refillPerCall({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  return {
    admit() {
      tokens = Math.min(burst, tokens + rateRps / 100);
      if (tokens < 1) return 1000;
      tokens -= 1;
      return undefined;
    },
  };
}
