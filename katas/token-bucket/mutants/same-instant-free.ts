/**
 * @misconception Those that come at the same moment are one burst, and a burst costs one token.
 * @fails Wrong answer: more is admitted than rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function sameInstantFree({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;
  return {
    admit(request, { nowUs }) {
      const together = nowUs === last;
      tokens = Math.min(burst, tokens + ((nowUs - last) / 1e6) * rateRps);
      last = nowUs;
      if (tokens < 1) return Math.ceil(((1 - tokens) / rateRps) * 1e6);
      if (!together) tokens -= 1;
      return undefined;
    },
  };
}
