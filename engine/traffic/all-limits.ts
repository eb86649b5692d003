import type { AdmissionPolicy, Wait } from '../core/policy.ts';

/** Several limits as one, asked in their order: the first that refuses decides, and of several waits the longest counts. */
export function allLimits(limits: readonly AdmissionPolicy[]): AdmissionPolicy {
  if (limits.length === 1) return limits[0]!;
  const hearing = limits.filter((limit) => limit.onAnswer !== undefined);
  return {
    admit(request, ctx, backend) {
      let longest: Wait | undefined;
      for (let index = 0; index < limits.length; index++) {
        const answer = limits[index]!.admit(request, ctx, backend);
        if (typeof answer === 'number') {
          // Those before have let it in and shall not wait for its end.
          for (let before = 0; before < index; before++) limits[before]!.onAnswer?.(request, 429, 0, ctx);
          return answer;
        }
        if (answer !== undefined && (longest === undefined || answer.waitUs > longest.waitUs)) longest = answer;
      }
      return longest;
    },
    ...(hearing.length > 0 && {
      onAnswer: (request, status, latencyUs, ctx) => {
        for (const limit of hearing) limit.onAnswer!(request, status, latencyUs, ctx);
      },
    }),
  };
}
