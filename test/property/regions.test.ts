/** Random worlds of regions that are found by name or by anycast, while regions and nodes die, drain, flap and come back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVENT_KIND, policiesFor, Simulation } from '../../engine/index.ts';
import type { Resolver, Scenario } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';

const DURATION_US = 3_000_000;
const REGIONS = ['eu', 'us', 'asia'];
const atUs = fc.nat(DURATION_US);
const region = fc.constantFrom(...REGIONS);

const dns = fc.record({
  kind: fc.constant('dns' as const),
  sites: fc.constantFrom('node' as const, 'region' as const),
  policy: fc.record({
    name: fc.constantFrom('round-robin-dns', 'geo', 'latency', 'weighted', 'gslb', 'failover-pools'),
    options: fc.record({ ttlUs: fc.integer({ min: 20_000, max: 2_000_000 }) }),
  }),
  loadEveryUs: fc.integer({ min: 50_000, max: 1_000_000 }),
  check: fc.oneof(
    fc.record({ kind: fc.constant('after' as const), downUs: fc.nat(500_000), upUs: fc.nat(500_000) }),
    fc.record({
      kind: fc.constant('probes' as const),
      intervalUs: fc.integer({ min: 100_000, max: 500_000 }),
      timeoutUs: fc.integer({ min: 1, max: 100_000 }),
      fall: fc.integer({ min: 1, max: 3 }),
      rise: fc.integer({ min: 1, max: 3 }),
    }),
  ),
  resolvers: fc
    .array(
      fc.record({
        place: fc.option(region, { nil: undefined }),
        count: fc.integer({ min: 1, max: 5 }),
        refetch: fc.constantFrom('demand' as const, 'expiry' as const),
        ecs: fc.boolean(),
        rotates: fc.boolean(),
        overstay: fc.option(
          fc.record({
            share: fc.double({ min: 0, max: 1, noNaN: true }),
            forUs: fc.integer({ min: 20_000, max: 2_000_000 }),
          }),
          {
            nil: undefined,
          },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((groups) => groups.map((group, at) => ({ id: `r${at}`, ...group }))),
});

const anycast = fc.record({
  kind: fc.constant('anycast' as const),
  holdUs: fc.integer({ min: 300_000, max: 900_000 }),
  keepaliveUs: fc.integer({ min: 1, max: 300_000 }),
  bfd: fc.option(fc.constant({ intervalUs: 10_000, multiplier: 3 }), { nil: undefined }),
  convergence: fc.nat(300_000).map((maxUs) => ({ minUs: 0, maxUs })),
});

const faults = fc.oneof(
  fc.record({ do: fc.constantFrom('lose-region', 'restore-region', 'drain-region', 'undrain-region'), atUs, region }),
  fc.record({
    do: fc.constant('lose-zone'),
    atUs,
    zone: fc.constantFrom('a', 'b'),
    durationUs: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
  }),
);
const routes = fc.oneof(
  fc.record({ do: fc.constantFrom('withdraw-route', 'announce-route'), atUs, region }),
  fc.record({
    do: fc.constant('flap-route'),
    atUs,
    region,
    times: fc.integer({ min: 1, max: 3 }),
    everyUs: fc.integer({ min: 1, max: 500_000 }),
  }),
);

const worlds: fc.Arbitrary<Scenario> = fc
  .record({
    reach: fc.oneof(dns, anycast),
    faults: fc.array(faults, { maxLength: 6 }),
    routes: fc.array(routes, { maxLength: 4 }),
    layer: fc.constantFrom(4 as const, 7 as const),
    connections: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    timeoutUs: fc.option(fc.integer({ min: 1, max: 500_000 }), { nil: undefined }),
    keepsRegion: fc.boolean(),
    distanceUs: fc.nat(200_000),
  })
  .map(({ reach, faults, routes, layer, connections, timeoutUs, keepsRegion, distanceUs }) =>
    parseScenario(
      {
        name: 'regions',
        title: 'Regions',
        shows: 'What the test is about.',
        durationUs: DURATION_US,
        balancer: { layer },
        clients: REGIONS.map((place) => ({
          id: `in-${place}`,
          place,
          users: 5,
          connections,
          timeoutUs,
          arrivals: { kind: 'poisson', rateRps: 30 },
        })),
        tier: {
          nodes: REGIONS.flatMap((id) => ['a', 'b'].map((zone) => ({ id: `${id}-${zone}`, region: id, zone }))),
          distances: [{ between: ['eu', 'us'], roundTripUs: distanceUs }],
          keepsRegion,
          unansweredUs: 300_000,
          reach,
        },
        pools: [
          {
            picker: { name: 'round-robin' },
            health: { intervalUs: 200_000, timeoutUs: 100_000 },
            backends: REGIONS.map((id) => ({
              id: `b-${id}`,
              region: id,
              zone: 'a',
              workers: 2,
              queueLimit: 3,
              service: { default: { kind: 'exponential', meanUs: 20_000 } },
            })),
          },
        ],
        timeline: [...faults, ...(reach.kind === 'anycast' ? routes : [])],
      },
      'a random world of regions',
    ),
  );

/** The same policies, whose resolver's answers are looked at. */
function watched(scenario: Scenario, see: (answer: ReturnType<Resolver['resolve']>, known: readonly string[]) => void) {
  const policies = policiesFor(scenario);
  const resolver = policies.tier?.resolver;
  if (resolver === undefined) return policies;
  const watching: Resolver = {
    resolve(sites, distancesUs, ctx) {
      const answer = resolver.resolve(sites, distancesUs, ctx);
      see(
        answer,
        sites.map(({ id }) => id),
      );
      return answer;
    },
  };
  return { ...policies, tier: { ...policies.tier!, resolver: watching } };
}

test('every request ends at most once, none is lost on the way, and a second run is the same', () => {
  fc.assert(
    fc.property(worlds, (scenario) => {
      const simulation = new Simulation(scenario, policiesFor(scenario));
      simulation.runToEnd();
      const ends = new Map<number, number>();
      const { trace, log, counts } = simulation;
      let lastUs = 0;
      for (let row = 0; row < trace.length; row++) {
        const { kind, request, atUs: nowUs } = trace.at(row);
        expect(nowUs).toBeGreaterThanOrEqual(lastUs);
        lastUs = nowUs;
        if (kind === EVENT_KIND.served || kind === EVENT_KIND.failed) ends.set(request, (ends.get(request) ?? 0) + 1);
      }
      expect(Math.max(0, ...ends.values())).toBeLessThanOrEqual(1);
      expect(ends.size).toBe(counts.served + counts.failed);
      // Whoever arrived long before the end has ended: nothing takes longer than a queue of a hung backend, which only a timeout of its own ends.
      if (scenario.clients[0]!.timeoutUs !== undefined)
        for (let row = 0; row < log.length; row++)
          if (log.sentUs[row]! < DURATION_US - 1_000_000) expect(Number.isNaN(log.endedUs[row]!)).toBe(false);
      const again = new Simulation(scenario, policiesFor(scenario));
      again.runToEnd();
      expect(again.digest()).toBe(simulation.digest());
    }),
    { numRuns: 25 },
  );
});

test('no name is ever answered with nothing, or with a site that is not there', () => {
  fc.assert(
    fc.property(
      worlds.filter(({ tier }) => tier!.reach.kind === 'dns'),
      (scenario) => {
        const simulation = new Simulation(
          scenario,
          watched(scenario, ({ sites }, known) => {
            expect(sites.length).toBeGreaterThan(0);
            expect(known).toEqual(expect.arrayContaining([...sites]));
          }),
        );
        simulation.runToEnd();
      },
    ),
    { numRuns: 15 },
  );
});
