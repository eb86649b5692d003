import fc from 'fast-check';
import type { Scenario } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import { worlds } from '../worlds.ts';
import { atUs, seldom } from './times.ts';

const NODES = ['n-1', 'n-2', 'n-3', 'late'] as const;
/** Layer 4 nodes, where there are any. */
const FRONTS = ['front-1', 'front-2'] as const;

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
  fc.record({
    do: fc.constantFrom('kill-balancer' as const, 'stop-balancer' as const, 'start-balancer' as const),
    atUs,
    balancer: fc.constantFrom(...FRONTS),
  }),
  fc.record({ do: fc.constant('drain-balancer' as const), atUs, balancer }),
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

const layer4 = fc.record({
  kind: fc.constant('layer-4' as const),
  nodes: fc.constant([{ id: 'front', count: FRONTS.length }]),
  hashing: fc.constantFrom('modulo', 'resilient'),
  detectUs: fc.constantFrom(0, 30_000),
  check: fc.record({
    intervalUs: fc.constantFrom(5_000, 20_000),
    fall: fc.constantFrom(1, 3),
    rise: fc.constantFrom(1, 2),
  }),
  flowTable: fc.constantFrom(
    { name: 'private-hash' },
    { name: 'connection-table' },
    { name: 'maglev', options: { tableSize: 101 } },
    { name: 'maglev-with-table', options: { tableSize: 101, limit: 5 } },
  ),
});

const tier = fc.record({
  nodes: fc.constant([
    { id: 'n', count: 3 },
    { id: 'late', spare: true, priority: 200 },
  ]),
  reach,
  front: seldom(layer4),
  view: fc.constantFrom({ kind: 'own' }, { kind: 'board', everyUs: 20_000 }, { kind: 'delayed', byUs: 5_000 }),
  flowTable: seldom(fc.constantFrom('private-hash', 'maglev', 'connection-table', 'maglev-with-table')),
  sync: fc.boolean(),
  autoscale: seldom(
    fc.record({
      maximum: fc.constant(4),
      minimum: fc.constantFrom(1, 3),
      metric: fc.constantFrom('rate' as const, 'in-flight' as const),
      policy: fc.constant({ name: 'target-tracking', options: { target: 3, stabiliseUs: 50_000 } }),
      everyUs: fc.constant(20_000),
      sampleUs: fc.constantFrom(5_000, 20_000),
      startUs: fc.constantFrom(0, 30_000),
      drainUs: fc.constantFrom(1, 40_000),
    }),
  ),
  unansweredUs: fc.constantFrom(1, 40_000),
});

/** Leaves out what does not go together. */
function fitted(
  world: Scenario,
  { view, flowTable, sync, front, ...rest }: typeof tier extends fc.Arbitrary<infer T> ? T : never,
) {
  const bounded = world.pools.some(
    ({ connections, backends }) =>
      connections !== undefined || backends.some((one) => one.maxConnections !== undefined),
  );
  const isFlat = world.balancer.layer === 4 && flowTable !== undefined;
  return {
    ...rest,
    ...(front !== undefined && world.balancer.layer === 7 && { reach: front }),
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
    const built = fitted(world, spec);
    const known: readonly string[] = built.reach.kind === 'layer-4' ? [...NODES, ...FRONTS] : NODES;
    const drains = built.reach.kind === 'layer-4';
    const meant = actions.filter((one) => known.includes(one.balancer) && (drains || one.do !== 'drain-balancer'));
    return parseScenario({ ...world, tier: built, timeline: [...world.timeline, ...meant] }, 'a generated tier');
  });
