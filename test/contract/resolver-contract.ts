import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resolver, Site } from '../../engine/core/policy.ts';
import { Prng } from '../../engine/core/prng.ts';

interface Question {
  readonly sites: readonly Site[];
  readonly distancesUs: readonly number[];
}

const site = fc.record({
  healthy: fc.boolean(),
  loadRps: fc.nat(2000),
  capacityRps: fc.constantFrom(0, 100, 1000, Infinity),
  distanceUs: fc.nat(300_000),
});

const question: fc.Arbitrary<Question> = fc.array(site, { minLength: 1, maxLength: 6 }).map((rows) => ({
  sites: Object.freeze(
    rows.map(({ healthy, loadRps, capacityRps }, at) =>
      Object.freeze({ id: `site-${at}`, healthy, loadRps, capacityRps }),
    ),
  ),
  distancesUs: Object.freeze(rows.map(({ distanceUs }) => distanceUs)),
}));

const questions = fc.array(question, { minLength: 1, maxLength: 20 });

function answers(resolver: Resolver, asked: readonly Question[], seed: number) {
  const rng = new Prng(seed);
  return asked.map(({ sites, distancesUs }, at) => resolver.resolve(sites, distancesUs, { nowUs: at, rng }));
}

/** What every resolver keeps to, whether it ships with the engine or a learner wrote it. Sites and distances come frozen: they are not its own. */
export function keepsTheResolverContract(name: string, make: () => Resolver): void {
  describe(`${name} keeps the contract of resolvers`, () => {
    test('it answers at least one site, only sites that are there, none twice, and for how many whole microseconds', () => {
      fc.assert(
        fc.property(questions, fc.nat(), (asked, seed) => {
          answers(make(), asked, seed).forEach(({ sites, ttlUs }, at) => {
            const known = asked[at]!.sites.map(({ id }) => id);
            expect(sites.length).toBeGreaterThan(0);
            expect(known).toEqual(expect.arrayContaining([...sites]));
            expect(new Set(sites).size).toBe(sites.length);
            expect(Number.isInteger(ttlUs) && ttlUs >= 0).toBe(true);
          });
        }),
      );
    });

    test('it answers no site that is down while another is up', () => {
      fc.assert(
        fc.property(questions, fc.nat(), (asked, seed) => {
          answers(make(), asked, seed).forEach(({ sites }, at) => {
            const up = asked[at]!.sites.filter(({ healthy }) => healthy).map(({ id }) => id);
            if (up.length > 0) expect(up).toEqual(expect.arrayContaining([...sites]));
          });
        }),
      );
    });

    test('the same questions with the same seed get the same answers, whatever another of its kind is asked meanwhile', () => {
      fc.assert(
        fc.property(questions, fc.nat(), (asked, seed) => {
          const alone = answers(make(), asked, seed);
          const [one, other] = [make(), make()];
          const rng = new Prng(seed);
          const elsewhere = new Prng(seed + 1);
          const beside = asked.map(({ sites, distancesUs }, at) => {
            other.resolve(sites, distancesUs, { nowUs: at, rng: elsewhere });
            return one.resolve(sites, distancesUs, { nowUs: at, rng });
          });
          expect(beside).toEqual(alone);
        }),
      );
    });
  });
}
