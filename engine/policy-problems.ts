import { PatternError, pathPattern } from './traffic/path-pattern.ts';
import { choose, optionProblems } from './world/option-problems.ts';
import type { Problem } from './world/scenario-error.ts';
import type { Scenario } from './world/scenario.ts';
import { AFFINITY, FLOW_TABLES, HEALTH, LIMITS, PICKERS, RESOLVERS, SCALERS } from './registry.ts';
import type { Entry } from './registry.ts';

type PolicySpec = Scenario['pools'][number]['picker'];

/** What is wrong with the policies a scenario names. */
export function policyProblems(scenario: Scenario): Problem[] {
  const ofPools = scenario.pools.flatMap(({ picker, health, outlier, affinity, rateLimits, autoscale }, index) => {
    const field = `pools[${index}]`;
    return [
      ...entryProblems('picker', PICKERS, picker, `${field}.picker`),
      ...(health ? entryProblems('health policy', HEALTH, health.policy, `${field}.health.policy`) : []),
      ...(outlier ? entryProblems('health policy', HEALTH, outlier, `${field}.outlier`) : []),
      ...(autoscale ? entryProblems('scaler', SCALERS, autoscale.policy, `${field}.autoscale.policy`) : []),
      ...(affinity ? entryProblems('affinity policy', AFFINITY, affinity, `${field}.affinity`) : []),
      ...rateLimits.flatMap((limit, at) => limitProblems(limit, `${field}.rateLimits[${at}]`, true)),
    ];
  });
  const { rateLimits, routes } = scenario.balancer;
  const flowTable = scenario.tier?.flowTable;
  const reach = scenario.tier?.reach;
  const scaler = scenario.tier?.autoscale?.policy;
  return [
    ...ofPools,
    ...(reach?.kind === 'dns' ? entryProblems('resolver', RESOLVERS, reach.policy, 'tier.reach.policy') : []),
    ...(reach?.kind === 'layer-4'
      ? entryProblems('flow table', FLOW_TABLES, reach.flowTable, 'tier.reach.flowTable')
      : []),
    ...(scaler ? entryProblems('scaler', SCALERS, scaler, 'tier.autoscale.policy') : []),
    ...(flowTable ? entryProblems('flow table', FLOW_TABLES, flowTable, 'tier.flowTable') : []),
    ...rateLimits.flatMap((limit, at) => limitProblems(limit, `balancer.rateLimits[${at}]`, false)),
    ...routes.flatMap((route, index) => [
      ...route.rateLimits.flatMap((limit, at) =>
        limitProblems(limit, `balancer.routes[${index}].rateLimits[${at}]`, false),
      ),
      ...patternProblems(route.pathPattern, `balancer.routes[${index}].pathPattern`),
    ]),
  ];
}

function limitProblems(limit: PolicySpec, field: string, inPool: boolean): Problem[] {
  const problems = entryProblems('limit', LIMITS, limit, field);
  if (problems.length > 0 || limit.options.by !== 'backend') return problems;
  const found = '"backend"';
  if (!inPool) {
    const mend = 'Move the limit to the pool, or count by something else.';
    return [{ field: `${field}.options.by`, found, expected: 'a key that is known before the pick', mend }];
  }
  if (limit.name !== 'leaky-bucket' || limit.options.noDelay === true) return [];
  const mend = 'Set noDelay to true.';
  return [
    { field: `${field}.options.by`, found: `${found} with a delay`, expected: 'no waiting behind the pick', mend },
  ];
}

function patternProblems(pattern: string | undefined, field: string): Problem[] {
  if (pattern === undefined) return [];
  try {
    pathPattern(pattern);
    return [];
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const mend = `Mend it: ${error.message}.`;
    return [{ field, found: JSON.stringify(pattern), expected: 'a regular expression of the simple kind', mend }];
  }
}

function entryProblems(
  what: string,
  entries: Readonly<Record<string, Entry<unknown>>>,
  { name, options }: PolicySpec,
  field: string,
): Problem[] {
  if (!Object.hasOwn(entries, name)) {
    const known = Object.keys(entries);
    return [
      {
        field: `${field}.name`,
        found: `"${name}"`,
        expected: `the name of ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`,
        mend: choose(name, known, `There are`),
      },
    ];
  }
  const { options: kinds, together } = entries[name]!;
  const problems = optionProblems(name, kinds, options, field);
  const mend = problems.length === 0 ? together?.(options as never) : undefined;
  if (mend === undefined) return problems;
  return [{ field: `${field}.options`, found: JSON.stringify(options), expected: 'options that fit together', mend }];
}
