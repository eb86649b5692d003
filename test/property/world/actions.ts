import fc from 'fast-check';
import { faults } from './faults.ts';
import { atUs, optional, serviceTime } from './times.ts';

export const BACKENDS = ['a1', 'a2', 'a3', 'b1', 'b2'] as const;

const backend = fc.constantFrom(...BACKENDS);

const ofBackends = fc.oneof(
  fc.record({
    do: fc.constantFrom('crash' as const, 'hang' as const, 'recover' as const, 'undrain' as const),
    atUs,
    backend,
  }),
  fc.record({ do: fc.constant('slow' as const), atUs, backend, factor: fc.integer({ min: 1, max: 8 }) }),
  fc.record({
    do: fc.constant('fail' as const),
    atUs,
    backend,
    status: fc.constantFrom(0, 500, 503),
    share: fc.constantFrom(0.3, 1),
    afterUs: fc.constantFrom(0, 5_000),
  }),
);

const ofOperators = fc.oneof(
  fc.record({ do: fc.constant('set-weight' as const), atUs, backend, weight: fc.nat(5) }),
  fc.record({
    do: fc.constant('set-max-connections' as const),
    atUs,
    backend,
    maxConnections: fc.option(fc.integer({ min: 1, max: 4 })),
  }),
  fc.record({
    do: fc.constant('drain' as const),
    atUs,
    backend,
    timeoutUs: optional(fc.integer({ min: 1, max: 60_000 })),
  }),
  fc.record({ do: fc.constantFrom('disable' as const, 'enable' as const), atUs, backend }),
  fc.record({ do: fc.constant('remove-backend' as const), atUs, backend, force: fc.boolean() }),
  fc.record({
    do: fc.constant('add-backend' as const),
    atUs,
    pool: fc.constantFrom('a', 'b'),
    backend: fc.record({ id: fc.constant('late'), service: fc.record({ default: serviceTime }) }),
  }),
);

const ofChecks = fc.oneof(
  fc.record({ do: fc.constant('answer-checks' as const), atUs, backend, status: fc.constantFrom(200, 503) }),
  fc.record({
    do: fc.constant('agent-says' as const),
    atUs,
    backend,
    reply: fc.constantFrom('up', 'up 50%', 'drain', 'maint', 'down', null),
  }),
);

const ofClients = fc.record({
  do: fc.constant('set-rate' as const),
  atUs,
  client: fc.constant('c1'),
  rateRps: fc.nat(200),
});

type Action = { readonly do: string; readonly atUs: number } & Readonly<Record<string, unknown>>;

/** What happens to a world, in any order. A backend can join but once. */
export const timeline = fc
  .array<Action>(
    fc.oneof(
      { weight: 5, arbitrary: ofBackends },
      { weight: 4, arbitrary: ofOperators },
      { weight: 1, arbitrary: ofChecks },
      { weight: 1, arbitrary: ofClients },
      { weight: 4, arbitrary: faults(backend) },
    ),
    { maxLength: 10 },
  )
  .map((actions) =>
    actions.filter(
      (action, at) => action.do !== 'add-backend' || actions.findIndex((other) => other.do === 'add-backend') === at,
    ),
  );
