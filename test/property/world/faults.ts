import fc from 'fast-check';
import { atUs, seldom, serviceTime } from './times.ts';

const durationUs = fc.integer({ min: 1, max: 200_000 });
const between = fc.constantFrom(
  ['clients', 'balancers'],
  ['balancers', 'backends'],
  ['balancers', 'backend:a1'],
  ['backend:b1', 'balancers'],
);

/** Faults of several steps. */
export const faults = (backend: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.record({ do: fc.constantFrom('pause' as const, 'stall' as const), atUs, backend, durationUs }),
    fc.record({
      do: fc.constant('flap' as const),
      atUs,
      backend,
      downUs: durationUs,
      upUs: durationUs,
      times: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({
      do: fc.constant('gc-storm' as const),
      atUs,
      backend,
      everyUs: fc.integer({ min: 20_000, max: 60_000 }),
      pauseUs: fc.integer({ min: 1, max: 19_999 }),
      durationUs,
    }),
    fc.record({ do: fc.constant('error-burst' as const), atUs, backend, durationUs }),
    fc.record({ do: fc.constant('lose-control-plane' as const), atUs, durationUs }),
    fc.record({
      do: fc.constant('partition' as const),
      atUs,
      between,
      oneWay: fc.boolean(),
      durationUs: seldom(durationUs),
    }),
    fc.record({ do: fc.constant('syn-flood' as const), atUs, durationUs, rateRps: fc.constantFrom(20, 500) }),
    fc.record({
      do: fc.constant('slow-loris' as const),
      atUs,
      durationUs,
      connections: fc.integer({ min: 1, max: 4 }),
      everyUs: fc.constant(30_000),
    }),
    fc.record({ do: fc.constant('heal' as const), atUs, between }),
    fc.record({ do: fc.constant('lose-packets' as const), atUs, between, share: fc.constantFrom(0.1, 0.5) }),
    fc.record({
      do: fc.constant('deploy' as const),
      atUs,
      deploy: fc.record({
        strategy: fc.constant('rolling' as const),
        pool: fc.constant('a'),
        drainUs: fc.nat(50_000),
        restartUs: fc.constant(20_000),
      }),
    }),
  );

/** Mostly none. */
export const links = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        between,
        oneWay: fc.boolean(),
        latency: seldom(serviceTime),
        loss: fc.constantFrom(0, 0.2),
        bandwidthBps: seldom(fc.constant(1_000_000)),
      }),
      { maxLength: 2 },
    ),
  },
);
