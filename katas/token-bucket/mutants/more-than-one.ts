/**
 * @misconception One token is not enough: there must be more than one.
 * @fails Wrong answer: a request is refused that rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function moreThanOne({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;
  return {
    admit(request, ctx) {
      tokens = Math.min(burst, tokens + ((ctx.nowUs - last) / 1e6) * rateRps);
      last = ctx.nowUs;
      if (tokens > 1) {
        tokens -= 1;
        return undefined;
      }
      return Math.ceil(((1 - tokens) / rateRps) * 1e6);
    },
  };
}
