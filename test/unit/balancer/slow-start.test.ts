import { expect, test } from 'vitest';
import { slowStartConnections, slowStartFactor, slowStartLooksAgainUs } from '../../../engine/balancer/slow-start.ts';

const S = 1_000_000;

test('Envoy: from the minimum up, straight with aggression 1, faster at first above it', () => {
  const at = (ageUs: number, aggression: number) =>
    slowStartFactor({ kind: 'envoy', windowUs: 60 * S, aggression }, 5 * S, 5 * S + ageUs);
  expect([0, 6, 15, 30, 60].map((age) => at(age * S, 1))).toEqual([0.1, 0.1, 0.25, 0.5, 1]);
  expect(at(15 * S, 2)).toBeCloseTo(0.5, 12);
  expect(at(15 * S, 0.5)).toBe(0.1);
});

test('Envoy: a minimum of 0 still leaves a weight above 0', () => {
  expect(slowStartFactor({ kind: 'envoy', windowUs: 60 * S, minimum: 0 }, 0, 0)).toBeCloseTo(1 / 60_000, 12);
});

test('HAProxy: sixteenths, by the whole seconds of the clock and not of the age', () => {
  const slowStart = { kind: 'haproxy', windowUs: 8 * S } as const;
  const sixteenths = (sinceUs: number, nowUs: number) => 16 * slowStartFactor(slowStart, sinceUs, nowUs);
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((age) => sixteenths(0, age * S))).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 16]);
  expect(sixteenths(0.9 * S, 1.0 * S)).toBe(3);
});

test('linear: never 0, and 1 at the end of the window', () => {
  const factor = (ageUs: number) => slowStartFactor({ kind: 'linear', windowUs: 30 * S }, 0, ageUs);
  expect([0, 15 * S, 30 * S].map(factor)).toEqual([0.01, 0.5, 1]);
});

test('whoever asks again when told to sees the factor reach 1, and is then left alone', () => {
  for (const kind of ['envoy', 'haproxy', 'linear'] as const) {
    const slowStart = { kind, windowUs: 30 * S };
    let nowUs = 0;
    let asked = 0;
    for (let next: number | undefined = 0; next !== undefined; asked += 1) {
      expect(next).toBeGreaterThanOrEqual(nowUs);
      nowUs = next;
      next = slowStartLooksAgainUs(slowStart, 0, nowUs);
    }
    expect(slowStartFactor(slowStart, 0, nowUs)).toBe(1);
    expect(asked).toBeLessThanOrEqual(102);
  }
});

test("HAProxy lets the bound on connections grow, from 1; others don't touch it", () => {
  const at = (age: number) => slowStartConnections({ kind: 'haproxy', windowUs: 10 * S }, 50, 0, age * S);
  expect([0, 1, 5, 10].map(at)).toEqual([1, 5, 25, 50]);
  expect(slowStartConnections({ kind: 'haproxy', windowUs: 10 * S }, Infinity, 0, 0)).toBe(Infinity);
  expect(slowStartConnections({ kind: 'linear', windowUs: 10 * S }, 50, 0, 0)).toBe(50);
});
