import { idsOf, unknown } from './naming-problems.ts';
import type { Problem } from './scenario-error.ts';
import type { Action, Scenario } from './scenario.ts';
import { nodesOf } from './tier-nodes.ts';
import { membersOf } from './expand-fault.ts';

/** What is wrong with a fault of several steps, or with how its steps would follow each other. */
export function faultProblems(scenario: Scenario, action: Action, field: string): Problem[] {
  const members = membersOf(scenario.pools, scenario.timeline, action.atUs);
  const nodes = scenario.tier === undefined ? [] : nodesOf(scenario.tier);
  switch (action.do) {
    case 'lose-zone':
      return unknown(
        'zone',
        action.zone,
        [...new Set([...members, ...nodes].map(({ zone }) => zone))],
        `${field}.zone`,
      );
    case 'gc-storm':
      return action.pauseUs < action.everyUs
        ? []
        : [tooLong(`${field}.pauseUs`, action.pauseUs, `below everyUs, ${action.everyUs}`)];
    case 'slow-dependency':
      return unknown('dependency', action.dependency, idsOf(scenario.dependencies), `${field}.dependency`);
    case 'partition':
    case 'lose-packets':
    case 'heal':
      return partyProblems(action.between, scenario, action.atUs, `${field}.between`);
    case 'deploy':
      return deployProblems(action.deploy, members, scenario, `${field}.deploy`);
    default:
      return [];
  }
}

type Deploy = Extract<Action, { do: 'deploy' }>['deploy'];
type Members = ReturnType<typeof membersOf>;

function deployProblems(deploy: Deploy, members: Members, { pools }: Scenario, field: string): Problem[] {
  if (deploy.strategy === 'rolling') return unknown('pool', deploy.pool, idsOf(pools), `${field}.pool`);
  const lists = deploy.strategy === 'canary' ? { backends: deploy.backends } : { from: deploy.from, to: deploy.to };
  const named = Object.entries(lists);
  const missing = named.flatMap(([name, ids]) =>
    ids.flatMap((id, at) => unknown('backend', id, idsOf(members), `${field}.${name}[${at}]`)),
  );
  if (missing.length > 0) return missing;
  const chosen = named.flatMap(([, ids]) => ids);
  const homes = new Set(members.filter(({ id }) => chosen.includes(id)).map(({ pool }) => pool));
  const first = `${field}.${named[0]![0]}`;
  if (homes.size > 1)
    return [
      {
        field: first,
        found: `backends of ${[...homes].join(' and ')}`,
        expected: 'backends of one pool',
        mend: 'Deploy to one pool at a time.',
      },
    ];
  if (new Set(chosen).size < chosen.length)
    return [{ field: first, found: 'a backend twice', expected: 'each once', mend: 'Name it in one place.' }];
  const all = members.filter(({ pool }) => homes.has(pool));
  return deploy.strategy === 'canary' && all.length === chosen.length
    ? [{ field: first, found: 'all of the pool', expected: 'a part of it', mend: 'Leave some to the version before.' }]
    : [];
}

function tooLong(field: string, found: number, expected: string): Problem {
  return { field, found: String(found), expected, mend: 'Make it smaller.' };
}

/** Links between parties of which one is not there, or that could never carry anything. */
export function linkProblems(scenario: Scenario): Problem[] {
  return scenario.network.links.flatMap(({ between }, at) =>
    partyProblems(between, scenario, Infinity, `network.links[${at}].between`),
  );
}

function partyProblems(between: readonly string[], scenario: Scenario, atUs: number, field: string): Problem[] {
  const members = membersOf(scenario.pools, scenario.timeline, atUs);
  const nodes = scenario.tier === undefined ? [] : nodesOf(scenario.tier);
  const zones = new Set([...members, ...nodes].map(({ zone }) => zone));
  const ofClients = ['clients', ...idsOf(scenario.clients).map((id) => `client:${id}`)];
  const known = [
    ...ofClients,
    'balancers',
    ...idsOf(nodes).map((id) => `balancer:${id}`),
    'backends',
    ...idsOf(members).map((id) => `backend:${id}`),
    ...[...zones].map((zone) => `zone:${zone}`),
  ];
  return between.flatMap((party, at) => {
    const where = `${field}[${at}]`;
    if (nodes.length === 0 || !ofClients.includes(party)) return unknown('party', party, known, where);
    const expected = "balancers, backends or zones: the way from clients to a tier is the entry's";
    return [{ field: where, found: `"${party}"`, expected, mend: 'Lay the link between balancers and backends.' }];
  });
}
