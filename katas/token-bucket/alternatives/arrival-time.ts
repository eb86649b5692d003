import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

/** GCRA: no tokens, but the time at which the next request would be due if all came evenly. It may run ahead of now by burst - 1 intervals. */
export default function arrivalTime({ rateRps, burst }: Limit): AdmissionPolicy {
  const intervalUs = 1_000_000 / rateRps;
  let dueUs = 0;

  return {
    admit(request, { nowUs }) {
      const earliestUs = Math.max(dueUs, nowUs);
      const aheadUs = earliestUs - nowUs;
      const allowedUs = (burst - 1) * intervalUs;
      if (aheadUs > allowedUs + 1e-6) return Math.ceil(aheadUs - allowedUs);
      dueUs = earliestUs + intervalUs;
      return undefined;
    },
  };
}
