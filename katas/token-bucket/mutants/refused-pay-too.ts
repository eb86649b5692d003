/**
 * @misconception A refused request costs a token as well.
 * @fails Wrong answer: a request is refused that rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function refusedPay({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;
  return {
    admit(request, ctx) {
      tokens = Math.min(burst, tokens + ((ctx.nowUs - last) / 1e6) * rateRps);
      last = ctx.nowUs;
      tokens -= 1;
      return tokens < 0 ? 1000 : undefined;
    },
  };
}
