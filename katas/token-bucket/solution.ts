import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

const SECOND_US = 1_000_000;

/** The bucket is filled up when somebody asks. Tokens are counted in millionths: a whole rate over whole microseconds is then exact. */
export default function tokenBucket({ rateRps, burst }: Limit): AdmissionPolicy {
  const full = burst * SECOND_US;
  let millionths = full;
  let asOfUs = 0;

  return {
    admit(request, { nowUs }) {
      millionths = Math.min(full, millionths + (nowUs - asOfUs) * rateRps);
      asOfUs = nowUs;
      if (millionths < SECOND_US) return Math.ceil((SECOND_US - millionths) / rateRps);
      millionths -= SECOND_US;
      return undefined;
    },
  };
}
