import { duplicates, unknown } from './naming-problems.ts';
import type { Problem } from './scenario-error.ts';
import type { RegionAction } from './scenario-regions.ts';
import type { Scenario } from './scenario.ts';
import { nodesOf } from './tier-nodes.ts';

/** What is wrong between regions, places, and those who name them. */
export function regionProblems(scenario: Scenario): Problem[] {
  const { tier } = scenario;
  if (tier === undefined) return [];
  return [
    ...placeProblems(scenario, tier),
    ...tier.distances.flatMap(({ between: [one, other] }, at) =>
      one === other
        ? [
            problem(
              `tier.distances[${at}].between`,
              `"${one}" twice`,
              'two different places',
              'Whoever is at one place is at no distance: leave it out.',
            ),
          ]
        : [],
    ),
    ...reachProblems(scenario, tier),
  ];
}

type Tier = NonNullable<Scenario['tier']>;

/** Regions of the tier, and what distances are measured between. */
function placesOf(tier: Tier): string[] {
  return [...new Set([...regionsOf(tier), ...tier.distances.flatMap(({ between }) => between)])];
}

function regionsOf(tier: Tier): string[] {
  return [...new Set(nodesOf(tier).map(({ region }) => region))];
}

function placeProblems({ clients, pools }: Scenario, tier: Tier): Problem[] {
  const places = placesOf(tier);
  const resolvers = tier.reach.kind === 'dns' ? tier.reach.resolvers : [];
  return [
    ...clients.flatMap(({ place }, at) =>
      place === undefined ? [] : unknown('place', place, places, `clients[${at}].place`),
    ),
    ...resolvers.flatMap(({ place }, at) =>
      place === undefined ? [] : unknown('place', place, places, `tier.reach.resolvers[${at}].place`),
    ),
    ...pools.flatMap(({ backends }, pool) =>
      backends.flatMap(({ region }, at) =>
        region === undefined ? [] : unknown('region', region, regionsOf(tier), `pools[${pool}].backends[${at}].region`),
      ),
    ),
  ];
}

function reachProblems({ clients }: Scenario, tier: Tier): Problem[] {
  const { reach } = tier;
  if (reach.kind === 'anycast') {
    const ids = clients.map(({ id }) => id);
    const regions = regionsOf(tier);
    const field = 'tier.reach.preferences';
    const named = Object.entries(reach.preferences).flatMap(([client, order]) => [
      ...unknown('client', client, ids, field),
      ...order.flatMap((region, at) => unknown('region', region, regions, `${field}.${client}[${at}]`)),
    ]);
    if (reach.keepaliveUs <= reach.holdUs) return named;
    const mend = 'Make it a third of the hold time.';
    return [
      ...named,
      problem('tier.reach.keepaliveUs', String(reach.keepaliveUs), `at most holdUs, ${reach.holdUs}`, mend),
    ];
  }
  if (reach.kind !== 'dns') return [];
  const groups = reach.resolvers.map(({ id }) => id);
  const sites = reach.sites === 'node' ? nodesOf(tier).map(({ id }) => id) : regionsOf(tier);
  const { check } = reach;
  return [
    ...duplicates(
      'resolver',
      groups.map((id, at) => [id, `tier.reach.resolvers[${at}].id`]),
    ),
    ...clients.flatMap(({ resolver }, at) =>
      resolver === undefined ? [] : unknown('resolver', resolver, groups, `clients[${at}].resolver`),
    ),
    ...Object.keys(reach.capacityRps).flatMap((site) => unknown('site', site, sites, 'tier.reach.capacityRps')),
    ...(check.kind === 'probes' && check.timeoutUs > check.intervalUs
      ? [
          problem(
            'tier.reach.check.timeoutUs',
            String(check.timeoutUs),
            `at most intervalUs, ${check.intervalUs}`,
            'A probe must end before the next one starts: make it shorter.',
          ),
        ]
      : []),
  ];
}

/** Of an action on a region. */
export function regionActionProblems(scenario: Scenario, action: RegionAction, field: string): Problem[] {
  const { tier } = scenario;
  if (tier === undefined) {
    return [
      problem(
        `${field}.do`,
        `"${action.do}" without a tier`,
        'a tier with regions',
        'Add "tier", or remove the action.',
      ),
    ];
  }
  const isOfRoutes = action.do === 'withdraw-route' || action.do === 'announce-route' || action.do === 'flap-route';
  if (isOfRoutes && tier.reach.kind !== 'anycast') {
    const found = `"${action.do}" in a tier that is reached by ${tier.reach.kind}`;
    return [
      problem(
        `${field}.do`,
        found,
        'anycast, which has routes',
        'Set "reach" to anycast, or drain the region instead.',
      ),
    ];
  }
  return unknown('region', action.region, regionsOf(tier), `${field}.region`);
}

function problem(field: string, found: string, expected: string, mend: string): Problem {
  return { field, found, expected, mend };
}
