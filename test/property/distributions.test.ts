import { describe, expect, test } from 'vitest';
import type { Distribution } from '../../engine/core/distributions.ts';
import { meanUs, sampler } from '../../engine/core/distributions.ts';
import { Prng } from '../../engine/core/prng.ts';
import { distanceBound, largestDistance, moments } from './statistics.ts';

interface Truth {
  readonly distribution: Distribution;
  readonly mean: number;
  readonly variance: number;
  /** Fourth central moment over variance squared: what the variance of a sample variance depends on. */
  readonly kurtosis: number;
  readonly cdf: (x: number) => number;
}

/** Mean, variance and kurtosis from the raw moments E X, E X^2, E X^3, E X^4. */
function fromRaw(m1: number, m2: number, m3: number, m4: number) {
  const variance = m2 - m1 ** 2;
  return { mean: m1, variance, kurtosis: (m4 - 4 * m1 * m3 + 6 * m1 ** 2 * m2 - 3 * m1 ** 4) / variance ** 2 };
}

const step = (edges: readonly (readonly [number, number])[]) => (x: number) =>
  edges.reduce((sum, [value, p]) => (value <= x ? sum + p : sum), 0);

/** Standard normal distribution: the series of phi(z) (z + z^3/3 + z^5/(3·5) + …) about 1/2. */
function normalCdf(z: number): number {
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0;
  let term = z;
  let sum = 0;
  for (let n = 3; Math.abs(term) > 1e-17; n += 2) {
    sum += term;
    term *= z ** 2 / n;
  }
  return 0.5 + (sum * Math.exp(-(z ** 2) / 2)) / Math.sqrt(2 * Math.PI);
}

function lognormal(m: number, scv: number): Truth {
  const w = 1 + scv;
  const s = Math.sqrt(Math.log(w));
  return {
    distribution: { kind: 'lognormal', meanUs: m, scv },
    mean: m,
    variance: scv * m ** 2,
    kurtosis: w ** 4 + 2 * w ** 3 + 3 * w ** 2 - 3,
    cdf: (x) => normalCdf((Math.log(x / m) + s ** 2 / 2) / s),
  };
}

function boundedPareto(shape: number, low: number, high: number): Truth {
  const within = 1 - (low / high) ** shape;
  // E X^k: the integral of x^k · shape low^shape x^(-shape - 1) / within, a logarithm where k equals shape.
  const raw = (k: number) =>
    ((shape * low ** shape) / within) *
    (k === shape ? Math.log(high / low) : (high ** (k - shape) - low ** (k - shape)) / (k - shape));
  return {
    distribution: { kind: 'bounded-pareto', shape, minUs: low, maxUs: high },
    ...fromRaw(raw(1), raw(2), raw(3), raw(4)),
    cdf: (x) => (x < low ? 0 : x >= high ? 1 : (1 - (low / x) ** shape) / within),
  };
}

const truths: Record<string, Truth> = {
  uniform: {
    distribution: { kind: 'uniform', minUs: 5_000, maxUs: 15_000 },
    mean: 10_000,
    // Of the whole numbers a … b, n = b - a + 1 of them: (n^2 - 1) / 12, and for large n the kurtosis 9/5 of the continuous one.
    variance: (10_001 ** 2 - 1) / 12,
    kurtosis: 1.8,
    cdf: (x) => Math.min(1, Math.max(0, (Math.floor(x) - 4_999) / 10_001)),
  },
  exponential: {
    distribution: { kind: 'exponential', meanUs: 20_000 },
    mean: 20_000,
    variance: 20_000 ** 2,
    kurtosis: 9,
    cdf: (x) => 1 - Math.exp(-x / 20_000),
  },
  'lognormal, moderate': lognormal(30_000, 0.5),
  'lognormal, wide': lognormal(30_000, 4),
  'bounded pareto, shape 1.5': boundedPareto(1.5, 10_000, 1_000_000),
  'bounded pareto, shape 1': boundedPareto(1, 10_000, 100_000),
  bernoulli: {
    distribution: { kind: 'bernoulli', probability: 0.1, valueUs: 500_000, elseUs: 10_000 },
    ...fromRaw(
      ...([1, 2, 3, 4].map((k) => 0.1 * 500_000 ** k + 0.9 * 10_000 ** k) as [number, number, number, number]),
    ),
    cdf: step([
      [10_000, 0.9],
      [500_000, 0.1],
    ]),
  },
  empirical: {
    distribution: { kind: 'empirical', valuesUs: [1_000, 2_000, 2_000, 9_000] },
    ...fromRaw(
      ...([1, 2, 3, 4].map((k) => (1_000 ** k + 2 * 2_000 ** k + 9_000 ** k) / 4) as [number, number, number, number]),
    ),
    cdf: step([
      [1_000, 0.25],
      [2_000, 0.5],
      [9_000, 0.25],
    ]),
  },
};

const n = 100_000;

describe.each(Object.entries(truths))('%s', (_, { distribution, mean, variance, kurtosis, cdf }) => {
  const draw = sampler(distribution, new Prng(31));
  const values = Array.from({ length: n }, draw);
  const sample = moments(values);

  test('draws whole microseconds', () => {
    expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  });

  test('has its mean', () => {
    // Standard error sqrt(variance / n); 5 of them are exceeded with probability 6e-7. Rounding moves the mean by less than 1/2.
    expect(Math.abs(sample.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / n) + 0.5);
    expect(Math.abs(meanUs(distribution) / mean - 1)).toBeLessThan(1e-9);
  });

  test('has its variance', () => {
    // Variance of a sample variance: variance^2 (kurtosis - 1 + 2 / (n - 1)) / n. Rounding adds at most 1/4 + deviation.
    const error = variance * Math.sqrt((kurtosis - 1 + 2 / (n - 1)) / n);
    expect(Math.abs(sample.variance - variance)).toBeLessThan(5 * error + 0.25 + Math.sqrt(variance));
  });

  test('has its distribution function', () => {
    expect(largestDistance(values, cdf)).toBeLessThan(distanceBound(n));
  });
});

test('constant draws its value and nothing from the stream', () => {
  const rng = new Prng(32);
  const draw = sampler({ kind: 'constant', valueUs: 7 }, rng);
  expect([draw(), draw(), meanUs({ kind: 'constant', valueUs: 7 })]).toEqual([7, 7, 7]);
  expect(rng.u32()).toBe(new Prng(32).u32());
});

test('successive lognormal draws are independent, though they are made in pairs', () => {
  // Correlation of n / 2 independent pairs of normal values has standard error sqrt(2 / n).
  const draw = sampler({ kind: 'lognormal', meanUs: 1e6, scv: 0.5 }, new Prng(33));
  const pairs = Array.from({ length: n / 2 }, () => [Math.log(draw()), Math.log(draw())] as const);
  const [first, second] = [moments(pairs.map(([a]) => a)), moments(pairs.map(([, b]) => b))];
  const covariance = pairs.reduce((sum, [a, b]) => sum + (a - first.mean) * (b - second.mean), 0) / (n / 2);
  expect(Math.abs(covariance / Math.sqrt(first.variance * second.variance))).toBeLessThan(5 * Math.sqrt(2 / n));
});

test.each([
  [{ kind: 'uniform', minUs: 2, maxUs: 1 }, 'uniform: minUs 2 must not be above maxUs 1'],
  [{ kind: 'bounded-pareto', shape: 1, minUs: 2, maxUs: 1 }, 'bounded-pareto: minUs 2 must not be above maxUs 1'],
  [{ kind: 'empirical', valuesUs: [] }, 'empirical: needs at least one value'],
] as const)('%j is refused', (distribution, message) => {
  expect(() => sampler(distribution, new Prng(1))).toThrow(message);
});

test('a bounded pareto with equal bounds is a constant', () => {
  const distribution = { kind: 'bounded-pareto', shape: 2, minUs: 300, maxUs: 300 } as const;
  expect([sampler(distribution, new Prng(1))(), meanUs(distribution)]).toEqual([300, 300]);
});
