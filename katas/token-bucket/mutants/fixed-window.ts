/**
 * @misconception A counter for each second is a rate limit.
 * @fails Wrong answer: more is admitted than rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function fixedWindow({ rateRps, burst }: Limit): AdmissionPolicy {
  let second = -1;
  let count = 0;
  return {
    admit(request, ctx) {
      const now = Math.floor(ctx.nowUs / 1e6);
      if (now !== second) {
        second = now;
        count = 0;
      }
      count += 1;
      return count > Math.max(rateRps, burst) ? 1_000_000 : undefined;
    },
  };
}
