/**
 * @misconception Tokens are whole: parts of one can be left out.
 * @fails Wrong answer: a request is refused that rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function wholeTokens({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;
  return {
    admit(request, ctx) {
      tokens = Math.min(burst, tokens + Math.floor(((ctx.nowUs - last) / 1e6) * rateRps));
      last = ctx.nowUs;
      if (tokens < 1) return 1000;
      tokens -= 1;
      return undefined;
    },
  };
}
