import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

/** Tokens as a fraction: the plainest way to write it. */
export default function tokenBucket({ rateRps, burst }: Limit): AdmissionPolicy {
  let tokens = burst;
  let last = 0;

  return {
    admit(request, ctx) {
      const seconds = (ctx.nowUs - last) / 1e6;
      last = ctx.nowUs;
      tokens = Math.min(burst, tokens + seconds * rateRps);
      // A sum of fractions may miss one by the last digit.
      if (tokens > 1 - 1e-9) {
        tokens -= 1;
        return undefined;
      }
      return Math.ceil(((1 - tokens) / rateRps) * 1e6);
    },
  };
}
