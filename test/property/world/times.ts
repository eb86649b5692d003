import fc from 'fast-check';

/** How long each world lasts: every duration in it is of that size, so that some forty requests meet everything there is. */
export const DURATION_US = 400_000;

export const atUs = fc.nat(DURATION_US);

/** On a line. */
export const shortTime = fc.oneof(
  fc.constant({ kind: 'constant', valueUs: 0 } as const),
  fc.nat(10_000).map((valueUs) => ({ kind: 'constant', valueUs }) as const),
  fc.nat(10_000).map((maxUs) => ({ kind: 'uniform', minUs: 0, maxUs }) as const),
);

/** In a worker. */
export const serviceTime = fc.oneof(
  fc.nat(30_000).map((valueUs) => ({ kind: 'constant', valueUs }) as const),
  fc.integer({ min: 1, max: 30_000 }).map((meanUs) => ({ kind: 'exponential', meanUs }) as const),
  fc.integer({ min: 1, max: 30_000 }).map((meanUs) => ({ kind: 'lognormal', meanUs, scv: 3 }) as const),
);

/** Often not there. */
export const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 1 });

/** Seldom there: most worlds have only some of all that there is, or none would be simple. */
export const seldom = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
