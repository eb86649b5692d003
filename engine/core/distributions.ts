import { invariant } from './invariant.ts';
import { exp, ln } from './maths.ts';
import type { Rng } from './policy.ts';

/** A random duration. `scv` is the squared coefficient of variation: variance / mean^2. */
export type Distribution =
  | { readonly kind: 'constant'; readonly valueUs: number }
  /** Each whole microsecond from `minUs` to `maxUs`, both included, is as likely as the others. */
  | { readonly kind: 'uniform'; readonly minUs: number; readonly maxUs: number }
  | { readonly kind: 'exponential'; readonly meanUs: number }
  | { readonly kind: 'lognormal'; readonly meanUs: number; readonly scv: number }
  /** Density proportional to x^(-shape - 1) between the bounds: many short, few very long. */
  | { readonly kind: 'bounded-pareto'; readonly shape: number; readonly minUs: number; readonly maxUs: number }
  /** `probability` of `valueUs`, otherwise `elseUs`. */
  | { readonly kind: 'bernoulli'; readonly probability: number; readonly valueUs: number; readonly elseUs: number }
  /** Drawn from recorded values, each as likely as the others. */
  | { readonly kind: 'empirical'; readonly valuesUs: readonly number[] };

/** Where durations take their randomness from: uniform numbers on [0, 1). */
export type Uniform = Pick<Rng, 'float'>;

/**
 * A function whose every call draws one duration in whole microseconds, rounded to the nearest. It keeps nothing from one call to the next,
 * so a duration depends on the numbers drawn from `rng` during its own call alone.
 */
export function sampler(distribution: Distribution, rng: Uniform): () => number {
  switch (distribution.kind) {
    case 'constant':
      return () => distribution.valueUs;
    case 'uniform': {
      const { minUs, maxUs } = distribution;
      invariant(minUs <= maxUs, `uniform: minUs ${minUs} must not be above maxUs ${maxUs}`);
      return () => minUs + Math.floor(rng.float() * (maxUs - minUs + 1));
    }
    case 'exponential': {
      const { meanUs } = distribution;
      // 1 - float() lies in (0, 1], where the logarithm is finite.
      return () => Math.round(-meanUs * ln(1 - rng.float()));
    }
    case 'lognormal': {
      // If ln X has variance v and mean m: E X = e^(m + v/2) and scv = e^v - 1.
      const variance = ln(1 + distribution.scv);
      const mean = ln(distribution.meanUs) - variance / 2;
      const deviation = Math.sqrt(variance);
      const normal = normalSampler(rng);
      return () => Math.round(exp(mean + deviation * normal()));
    }
    case 'bounded-pareto': {
      const { shape, minUs, maxUs } = distribution;
      invariant(minUs <= maxUs, `bounded-pareto: minUs ${minUs} must not be above maxUs ${maxUs}`);
      // Inverse of F(x) = (1 - (min/x)^shape) / (1 - (min/max)^shape).
      const within = 1 - exp(shape * ln(minUs / maxUs));
      return () => Math.round(minUs * exp(-ln(1 - rng.float() * within) / shape));
    }
    case 'bernoulli': {
      const { probability, valueUs, elseUs } = distribution;
      return () => (rng.float() < probability ? valueUs : elseUs);
    }
    case 'empirical': {
      const { valuesUs } = distribution;
      invariant(valuesUs.length > 0, 'empirical: needs at least one value');
      return () => valuesUs[Math.floor(rng.float() * valuesUs.length)]!;
    }
  }
}

/** The mean of the distribution, before rounding to whole microseconds. */
export function meanUs(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.valueUs;
    case 'uniform':
      return (distribution.minUs + distribution.maxUs) / 2;
    case 'exponential':
    case 'lognormal':
      return distribution.meanUs;
    case 'bounded-pareto':
      return boundedParetoMean(distribution.shape, distribution.minUs, distribution.maxUs);
    case 'bernoulli':
      return distribution.probability * distribution.valueUs + (1 - distribution.probability) * distribution.elseUs;
    case 'empirical':
      return distribution.valuesUs.reduce((sum, value) => sum + value, 0) / distribution.valuesUs.length;
  }
}

/** The integral of x f(x) between the bounds; shape 1 is the limit of the general formula, where it divides 0 by 0. */
function boundedParetoMean(shape: number, minUs: number, maxUs: number): number {
  if (minUs === maxUs) return minUs;
  const logRatio = ln(minUs / maxUs);
  const within = 1 - exp(shape * logRatio);
  if (shape === 1) return (minUs * -logRatio) / within;
  return (minUs * (shape / (shape - 1)) * (1 - exp((shape - 1) * logRatio))) / within;
}

/**
 * Standard normal values by Marsaglia's polar method: a uniform point in the unit disc gives one with a logarithm and a square root, no sine.
 * It throws away 1 - pi/4 of its points, and the second value each of the others would give.
 */
function normalSampler(rng: Uniform): () => number {
  return () => {
    for (;;) {
      const x = 2 * rng.float() - 1;
      const y = 2 * rng.float() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square);
    }
  };
}
