/**
 * @misconception An empty bucket still has room for one.
 * @fails Wrong answer: more is admitted than rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function oneTooMany({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;
  return {
    admit(request, ctx) {
      tokens = Math.min(burst, tokens + ((ctx.nowUs - last) / 1e6) * rateRps);
      last = ctx.nowUs;
      if (tokens <= 0) return 1000;
      tokens -= 1;
      return undefined;
    },
  };
}
