/**
 * @misconception Remembering every request of the last second is the exact way.
 * @fails Wrong answer: a request is refused that rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function slidingLog({ rateRps, burst }: Limit): AdmissionPolicy {
  let times: number[] = [];
  return {
    admit(request, ctx) {
      times = times.filter((atUs) => ctx.nowUs - atUs < 1e6);
      if (times.length >= Math.min(rateRps, burst)) return 1000;
      times.push(ctx.nowUs);
      return undefined;
    },
  };
}
