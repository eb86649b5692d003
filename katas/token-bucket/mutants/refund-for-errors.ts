/**
 * @misconception A request that ended with an error gets its token back.
 * @fails Wrong answer: more is admitted than rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function refundForErrors({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;
  return {
    admit(request, ctx) {
      tokens = Math.min(burst, tokens + ((ctx.nowUs - last) / 1e6) * rateRps);
      last = ctx.nowUs;
      if (tokens < 1) return Math.ceil(((1 - tokens) / rateRps) * 1e6);
      tokens -= 1;
      return undefined;
    },
    onAnswer(request, status) {
      if (status >= 500) tokens = Math.min(burst, tokens + 1);
    },
  };
}
