/**
 * @misconception The bucket starts empty and has to fill first.
 * @fails Wrong answer: a request is refused that rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function startsEmpty({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = 0;
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
