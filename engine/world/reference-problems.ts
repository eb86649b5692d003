import { isLoop } from './arrivals/arrivals.ts';
import { autoscaleProblems } from './autoscale-problems.ts';
import { faultProblems, linkProblems } from './fault-problems.ts';
import { healthProblems, outlierProblems } from './health-problems.ts';
import { attackProblems, intakeProblems } from './intake-problems.ts';
import { duplicates, idsOf, unknown } from './naming-problems.ts';
import type { Named } from './naming-problems.ts';
import { regionActionProblems, regionProblems } from './region-problems.ts';
import { routeProblems } from './route-problems.ts';
import type { Problem } from './scenario-error.ts';
import { dependenciesOf } from './timetable.ts';
import { nodeProblems, tierProblems } from './tier-problems.ts';
import { udpProblems } from './udp-problems.ts';
import { weightProblems } from './weight-problems.ts';
import type { Action, Scenario } from './scenario.ts';

/** What is wrong between the parts of a scenario whose parts are right: names that occur twice, or that nothing bears. */
export function referenceProblems(scenario: Scenario): Problem[] {
  return [
    ...duplicates(
      'client',
      scenario.clients.map(({ id }, at) => [id, `clients[${at}].id`]),
    ),
    ...duplicates(
      'pool',
      scenario.pools.map(({ id }, at) => [id, `pools[${at}].id`]),
    ),
    ...duplicates('backend', backendIds(scenario)),
    ...scenario.clients.flatMap(({ requests }, at) =>
      duplicates(
        'request class of a client',
        requests.map(({ name }, index) => [name, `clients[${at}].requests[${index}].name`]),
      ),
    ),
    ...routeProblems(scenario),
    ...scenario.clients.flatMap(loginProblems),
    ...linkProblems(scenario),
    ...serviceProblems(scenario),
    ...eligibilityProblems(scenario),
    ...weightProblems(scenario),
    ...connectionProblems(scenario),
    ...modeProblems(scenario),
    ...udpProblems(scenario),
    ...intakeProblems(scenario),
    ...tierProblems(scenario),
    ...regionProblems(scenario),
    ...autoscaleProblems(scenario),
    ...scenario.pools.flatMap(({ health, outlier }, at) => [
      ...(health ? healthProblems(health, `pools[${at}].health`) : []),
      ...(health ? outlierProblems(health.policy, `pools[${at}].health.policy`) : []),
      ...(outlier ? outlierProblems(outlier, `pools[${at}].outlier`) : []),
    ]),
    ...scenario.timeline.flatMap((action, at) => actionProblems(scenario, action, `timeline[${at}]`)),
  ];
}

function backendIds(scenario: Scenario): Named[] {
  const ofPools = scenario.pools.flatMap(({ backends }, pool) =>
    backends.map(({ id }, at): Named => [id, `pools[${pool}].backends[${at}].id`]),
  );
  const joining = scenario.timeline.flatMap((action, at): Named[] =>
    action.do === 'add-backend' ? [[action.backend.id, `timeline[${at}].backend.id`]] : [],
  );
  return [...ofPools, ...joining];
}

/** A login is one of the client's request classes, and not the only one. */
function loginProblems({ session, requests }: Scenario['clients'][number], at: number): Problem[] {
  if (session === undefined) return [];
  const field = `clients[${at}].session.login`;
  if (requests.length > 1)
    return unknown(
      'request class',
      session.login,
      requests.map(({ name }) => name),
      field,
    );
  const mend = 'Add a request class that needs the session.';
  return [{ field, found: 'one request class', expected: 'another one beside the login', mend }];
}

/** Service times are given by request class: a class that no client sends is a slip of the pen. */
function serviceProblems(scenario: Scenario): Problem[] {
  const sent = [
    ...new Set(['default', ...scenario.clients.flatMap(({ requests }) => requests.map(({ name }) => name))]),
  ];
  return scenario.pools.flatMap(({ backends }, pool) =>
    backends.flatMap(({ service }, at) =>
      Object.keys(service).flatMap((name) =>
        unknown('request class', name, sent, `pools[${pool}].backends[${at}].service`),
      ),
    ),
  );
}

/** Modes are of layer 4; and who sees no answers cannot act on them. */
function modeProblems({ pools, balancer: { layer, mode, listeners } }: Scenario): Problem[] {
  if (mode === undefined) return [];
  if (layer !== 4 || listeners.length > 0)
    return [
      {
        field: 'balancer.mode',
        found: `"${mode}" on layer 7 or with listeners`,
        expected: 'layer 4, without listeners',
        mend: 'Remove the mode, or set the layer to 4.',
      },
    ];
  if (mode !== 'dsr') return [];
  const blind = ['retry', 'hedge', 'timeouts', 'queue', 'limits', 'outlier', 'breaker'] as const;
  return pools.flatMap((pool, at) =>
    blind
      .filter((name) => pool[name] !== undefined)
      .map((name) => ({
        field: `pools[${at}].${name}`,
        found: `${name} with direct server return`,
        expected: 'nothing that needs the answers of backends',
        mend: 'Remove it, or set the mode to "nat" or "proxy".',
      })),
  );
}

/** On layer 4 a connection of the client goes through to the backend, and nothing is kept. */
function connectionProblems({ pools, balancer: { layer, listeners } }: Scenario): Problem[] {
  return pools.flatMap(({ connections }, at): Problem[] => {
    const field = `pools[${at}].connections`;
    if (connections === undefined) return [];
    if (layer === 4 && listeners.length === 0)
      return [
        {
          field,
          found: 'kept connections at layer 4',
          expected: 'none: there each client brings its own',
          mend: 'Remove them, or set the layer to 7.',
        },
      ];
    const { min, max = Infinity } = connections;
    return min <= max
      ? []
      : [{ field: `${field}.min`, found: String(min), expected: `at most max, ${max}`, mend: 'Make it smaller.' }];
  });
}

/** Weights that come to nothing, and settings of eligibility that contradict each other. */
function eligibilityProblems({ pools }: Scenario): Problem[] {
  return pools.flatMap(({ backends, eligibility }, at): Problem[] => {
    const field = `pools[${at}]`;
    const weightless = backends.every(({ weight }) => weight === 0) && {
      field: `${field}.backends`,
      found: 'a total weight of 0',
      expected: 'a backend that new requests can go to',
      mend: 'Give at least one of them a weight above 0.',
    };
    const onlyBackups = backends.every(({ backup }) => backup) && {
      field: `${field}.backends`,
      found: 'only backups',
      expected: 'a backend that they stand in for',
      mend: 'Take "backup" from at least one of them.',
    };
    const { subsets } = eligibility ?? {};
    const keys = new Set(subsets?.selectors.flatMap((selector) => selector.keys));
    const unasked = [...keys].filter((key) => !Object.hasOwn(subsets!.criteria, key));
    return [
      ...(weightless ? [weightless] : []),
      ...(onlyBackups ? [onlyBackups] : []),
      ...unasked.map((key) => ({
        field: `${field}.eligibility.subsets.criteria`,
        found: `no header for "${key}"`,
        expected: 'one for each key of the selectors',
        mend: `Add "${key}" with the name of the header that carries it.`,
      })),
    ];
  });
}

function actionProblems(scenario: Scenario, action: Action, field: string): Problem[] {
  const problems = [...targetProblems(scenario, action, field), ...faultProblems(scenario, action, field)];
  if (action.atUs <= scenario.durationUs) return problems;
  const mend = 'Move it forward, or let the run last longer.';
  return [
    ...problems,
    {
      field: `${field}.atUs`,
      found: String(action.atUs),
      expected: `at most durationUs, ${scenario.durationUs}`,
      mend,
    },
  ];
}

function rateProblems({ clients }: Scenario, client: string, field: string): Problem[] {
  const found = clients.find(({ id }) => id === client);
  if (found === undefined || !isLoop(found.arrivals)) return unknown('client', client, idsOf(clients), field);
  const mend = 'Remove the action, or give the client arrivals of an open loop.';
  return [{ field, found: `"${client}", whose users wait for answers`, expected: 'a client with a rate', mend }];
}

function targetProblems(scenario: Scenario, action: Action, field: string): Problem[] {
  if (action.do === 'set-rate' || action.do === 'surge')
    return rateProblems(scenario, action.client, `${field}.client`);
  if (action.do === 'add-backend') return unknown('pool', action.pool, idsOf(scenario.pools), `${field}.pool`);
  // The control plane has checked what it refers to.
  if (action.do === 'configure') return [];
  if (action.do === 'syn-flood' || action.do === 'slow-loris') return attackProblems(scenario, action, field);
  if ('balancer' in action) return nodeProblems(scenario, action, field);
  if ('region' in action) return regionActionProblems(scenario, action, field);
  if (!('backend' in action) && !('dependency' in action)) return [];
  if (action.do === 'slow-dependency') return [];
  if ('dependency' in action) {
    return unknown('dependency', action.dependency, dependenciesOf(scenario.pools), `${field}.dependency`);
  }
  const there = scenario.pools.flatMap(({ backends }) => idsOf(backends));
  for (const other of scenario.timeline) {
    if (other.do === 'add-backend' && other.atUs <= action.atUs) there.push(other.backend.id);
  }
  return unknown('backend', action.backend, there, `${field}.backend`);
}
