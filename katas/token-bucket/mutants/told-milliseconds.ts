/**
 * @misconception The time to come again is in milliseconds.
 * @fails Wrong answer: who is refused is told a wrong time
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function toldMilliseconds({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;
  return {
    admit(request, ctx) {
      tokens = Math.min(burst, tokens + ((ctx.nowUs - last) / 1e6) * rateRps);
      last = ctx.nowUs;
      if (tokens < 1) return Math.ceil(((1 - tokens) / rateRps) * 1000);
      tokens -= 1;
      return undefined;
    },
  };
}
