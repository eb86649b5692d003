import type { AdmissionPolicy } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

export default function tokenBucket({ rateRps, burst }: Limit): AdmissionPolicy {
  return {
    admit(request, ctx) {
      return undefined;
    },
  };
}
