/**
 * @misconception Each page has a limit of its own.
 * @fails Wrong answer: more is admitted than rate and burst allow
 */
import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function perPath({ rateRps, burst }: Limit): AdmissionPolicy {
  const buckets = new Map<string, { tokens: number; last: number }>();
  return {
    admit({ path }, { nowUs }) {
      const bucket = buckets.get(path) ?? { tokens: burst, last: 0 };
      buckets.set(path, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + ((nowUs - bucket.last) / 1e6) * rateRps);
      bucket.last = nowUs;
      if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / rateRps) * 1e6);
      bucket.tokens -= 1;
      return undefined;
    },
  };
}
