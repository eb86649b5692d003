import type { Problem } from './scenario-error.ts';
import type { AutoscaleSpec } from './scenario-autoscale.ts';
import type { Scenario } from './scenario.ts';
import { nodesOf } from './tier-nodes.ts';

/** Bounds of an autoscaler that contradict each other, or the pool. */
export function autoscaleProblems({ pools, tier }: Scenario): Problem[] {
  const ofPools = pools.flatMap(({ autoscale, backends }, at) =>
    problemsOf(autoscale, `pools[${at}].autoscale`, backends.length, 'backends'),
  );
  if (tier === undefined) return ofPools;
  const specs = nodesOf(tier);
  const there = specs.filter(({ spare }) => !spare).length;
  const problems = [...ofPools, ...problemsOf(tier.autoscale, 'tier.autoscale', there, 'nodes')];
  if (tier.autoscale === undefined || tier.autoscale.maximum <= specs.length) return problems;
  const { maximum } = tier.autoscale;
  const expected = `at most the ${specs.length} nodes of the tier, spares included`;
  const mend = 'Make it smaller, or add nodes with "spare": true.';
  return [...problems, { field: 'tier.autoscale.maximum', found: String(maximum), expected, mend }];
}

/** `there`: how many there are at the start. */
function problemsOf(
  loop: Pick<AutoscaleSpec, 'minimum' | 'maximum' | 'everyUs' | 'sampleUs'> | undefined,
  field: string,
  there: number,
  what: string,
): Problem[] {
  if (loop === undefined) return [];
  const { minimum, maximum, everyUs, sampleUs } = loop;
  return [
    ...(maximum < Math.max(minimum, there)
      ? [
          {
            field: `${field}.maximum`,
            found: String(maximum),
            expected: `at least the minimum, ${minimum}, and the ${there} ${what} there are`,
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
}
