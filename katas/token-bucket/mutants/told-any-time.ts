/**
 * @misconception Who is refused may come again soon, at any time.
 * @fails Wrong answer: who is refused is told a wrong time
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function toldAnyTime({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;
  return {
    admit(request, ctx) {
      tokens = Math.min(burst, tokens + ((ctx.nowUs - last) / 1e6) * rateRps);
      last = ctx.nowUs;
      if (tokens < 1) return 1000;
      tokens -= 1;
      return undefined;
    },
  };
}
