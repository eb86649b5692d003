import type { Problem } from './scenario-error.ts';
import type { Scenario } from './scenario.ts';

/** Bounds of an autoscaler that contradict each other, or the pool. */
export function autoscaleProblems({ pools }: Scenario): Problem[] {
  return pools.flatMap(({ autoscale, backends }, at): Problem[] => {
    if (autoscale === undefined) return [];
    const field = `pools[${at}].autoscale`;
    const { minimum, maximum, everyUs, sampleUs } = autoscale;
    return [
      ...(maximum < Math.max(minimum, backends.length)
        ? [
            {
              field: `${field}.maximum`,
              found: String(maximum),
              expected: `at least the minimum, ${minimum}, and the ${backends.length} backends there are`,
              mend: 'Make it larger.',
            },
          ]
        : []),
      ...(sampleUs > everyUs
        ? [
            {
              field: `${field}.sampleUs`,
              found: String(sampleUs),
              expected: `at most everyUs, ${everyUs}`,
              mend: 'Sample at least once for each look.',
            },
          ]
        : []),
    ];
  });
}
