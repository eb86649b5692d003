import fc from 'fast-check';
import type { Scenario } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import { worlds } from '../worlds.ts';
import { atUs, seldom } from './times.ts';

const NODES = ['n-1', 'n-2', 'n-3', 'late'] as const;

const balancer = fc.constantFrom(...NODES);

const action = fc.oneof(
  fc.record({
    do: fc.constantFrom(
      'kill-balancer' as const,
      'stop-balancer' as const,
      'start-balancer' as const,
      'crash-balancer' as const,
      'crash-election' as const,
    ),
    atUs,
    balancer,
  }),
  fc.record(
    { do: fc.constantFrom('cut-link' as const, 'mend-link' as const), atUs, balancer, from: fc.constantFrom(...NODES) },
    { requiredKeys: ['do', 'atUs', 'balancer'] },
  ),
);

const reach = fc.oneof(
  fc.record({ kind: fc.constant('direct' as const), choice: fc.constantFrom('random', 'turns', 'client') }),
  fc.record({
    kind: fc.constant('virtual-ip' as const),
    advertiseUs: fc.constantFrom(10_000, 20_000),
    preempt: fc.boolean(),
    loss: fc.constantFrom(0, 0.3),
    askAgainUs: fc.constant(50_000),
  }),
  fc.record({
    kind: fc.constant('ecmp' as const),
    hashing: fc.constantFrom('modulo', 'hash-threshold', 'resilient'),
    buckets: fc.constantFrom(1, 7, 128),
    detectUs: fc.constantFrom(0, 30_000),
  }),
);

const tier = fc.record({
  nodes: fc.constant([
    { id: 'n', count: 3 },
    { id: 'late', spare: true, priority: 200 },
  ]),
  reach,
  view: fc.constantFrom({ kind: 'own' }, { kind: 'board', everyUs: 20_000 }, { kind: 'delayed', byUs: 5_000 }),
  flowTable: seldom(fc.constantFrom('private-hash', 'maglev', 'connection-table', 'maglev-with-table')),
  sync: fc.boolean(),
  unansweredUs: fc.constantFrom(1, 40_000),
});

/** Leaves out what does not go together. */
function fitted(
  world: Scenario,
  { view, flowTable, sync, ...rest }: typeof tier extends fc.Arbitrary<infer T> ? T : never,
) {
  const bounded = world.pools.some(
    ({ connections, backends }) =>
      connections !== undefined || backends.some((one) => one.maxConnections !== undefined),
  );
  const isFlat = world.balancer.layer === 4 && flowTable !== undefined;
  return {
    ...rest,
    ...(!bounded && { view }),
    ...(isFlat
      ? {
          flowTable: {
            name: flowTable,
            ...(flowTable !== 'private-hash' && flowTable !== 'connection-table' && { options: { tableSize: 101 } }),
          },
        }
      : { sync }),
  };
}

/** The way from clients to a tier is its entry's: no link lies there. */
const isOfClients = (one: object) => 'between' in one && (one.between as readonly string[]).includes('clients');

function withoutLinksOfClients({ network, timeline, ...world }: Scenario): Scenario {
  const links = network.links.filter((link) => !isOfClients(link));
  return { ...world, network: { ...network, links }, timeline: timeline.filter((action) => !isOfClients(action)) };
}

/** The small worlds with several balancers, of which some fail. */
export const tiered: fc.Arbitrary<Scenario> = fc
  .tuple(worlds, tier, fc.array(action, { maxLength: 8 }))
  .map(([any, spec, actions]) => {
    const world = withoutLinksOfClients(any);
    return parseScenario(
      { ...world, tier: fitted(world, spec), timeline: [...world.timeline, ...actions] },
      'a generated tier',
    );
  });
