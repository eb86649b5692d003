import type { PolicyKind, Scenario } from '../../../engine/index.ts';

/** Policies to set beside the learner's: the same world, and so the same arrivals, with another policy in the learner's place. */

export interface Other {
  readonly id: string;
  /** As the registry of policies has it; the reference also says that it is one. */
  readonly name: string;
  readonly world: Scenario;
  /** The registry of policies has it. */
  readonly shipped: boolean;
}

interface Spec {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The scenario's own policy, which is the reference, and after it those of the same kind that Ballast ships and that fit its options. */
export function othersOf(kind: PolicyKind, world: Scenario): Other[] {
  const place = places[kind];
  const own = place?.read(world);
  const reference = own ? `Reference: ${own.name}` : 'Reference';
  const shipped = place && own ? place.shipped(own).filter(({ name }) => name !== own.name) : [];
  return [
    { id: 'reference', name: reference, world, shipped: own !== undefined },
    ...shipped.map((spec) => ({ id: spec.name, name: spec.name, world: place!.write(world, spec), shipped: true })),
  ];
}

/** Where a kind of policy stands in a scenario, and who else could stand there. */
interface Place {
  read(world: Scenario): Spec | undefined;
  write(world: Scenario, spec: Spec): Scenario;
  shipped(own: Spec): readonly Spec[];
}

const plain = (...names: string[]) => names.map((name) => ({ name, options: {} }));

const places: Partial<Record<PolicyKind, Place>> = {
  picker: {
    read: ({ pools }) => pools[0]?.picker,
    write: (world, picker) => ({ ...world, pools: world.pools.map((pool) => ({ ...pool, picker })) }),
    shipped({ options: { key } }) {
      const hashes = ['ring-hash', 'maglev', 'rendezvous', 'ketama'].map((name) => ({ name, options: { key } }));
      const common = plain('round-robin', 'random', 'least-connections', 'power-of-two-choices');
      return key === undefined ? [...common, ...plain('smooth-weighted-round-robin')] : [...hashes, ...common];
    },
  },
  health: {
    read: ({ pools }) => pools[0]?.health?.policy,
    write: (world, policy) => ({
      ...world,
      pools: world.pools.map((pool) => (pool.health ? { ...pool, health: { ...pool.health, policy } } : pool)),
    }),
    shipped: ({ options: { fall, rise } }) => [
      { name: 'haproxy-check', options: { fall, rise } },
      { name: 'envoy-check', options: { fall, rise } },
    ],
  },
  flows: {
    read: ({ tier }) => tier?.flowTable,
    write: (world, flowTable) => (world.tier ? { ...world, tier: { ...world.tier, flowTable } } : world),
    shipped: () => plain('private-hash', 'maglev', 'connection-table', 'maglev-with-table'),
  },
  admission: {
    read: ({ balancer }) => (balancer.rateLimits.length === 1 ? balancer.rateLimits[0] : undefined),
    write: (world, limit) => ({ ...world, balancer: { ...world.balancer, rateLimits: [limit] } }),
    shipped: ({ options: { rateRps, burst, ...key } }) =>
      typeof rateRps === 'number' && typeof burst === 'number' && Number.isInteger(rateRps)
        ? [
            { name: 'fixed-window', options: { ...key, limit: rateRps, windowUs: 1_000_000 } },
            { name: 'sliding-window-log', options: { ...key, limit: rateRps, windowUs: 1_000_000 } },
            { name: 'leaky-bucket', options: { ...key, rateRps, burst } },
          ]
        : [],
  },
};
