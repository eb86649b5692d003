import { Prng } from '../core/prng.ts';
import type { Scenario } from '../world/scenario.ts';
import type { KataScenario, Variation } from './kata.ts';

/** The field that `at` names is not there. */
export class VariationError extends Error {
  override name = 'VariationError';
}

/**
 * The world of a test for one attempt. `at` is a way through the document, `clients.0.arrivals.rateRps`; `*` stands for each element, and each is drawn for
 * itself. Every variation has a stream of its own: one more moves no other.
 */
export function worldOf({ scenario, varies = [] }: Pick<KataScenario, 'scenario' | 'varies'>, seed: number): Scenario {
  if (varies.length === 0) return scenario;
  const world = JSON.parse(JSON.stringify(scenario)) as Scenario;
  for (const variation of varies) {
    const rng = new Prng(seed).fork(`varies:${variation.at}`);
    vary(world, variation.at.split('.'), variation, rng);
  }
  return world;
}

function vary(within: unknown, [step, ...rest]: readonly string[], variation: Variation, rng: Prng): void {
  if (typeof within !== 'object' || within === null || step === undefined) throw missing(variation);
  const holder = within as Record<string, unknown>;
  for (const key of step === '*' ? Object.keys(holder) : [step]) {
    if (!Object.hasOwn(holder, key)) throw missing(variation);
    if (rest.length > 0) vary(holder[key], rest, variation, rng);
    else holder[key] = drawn(holder[key], variation, rng);
  }
}

function drawn(before: unknown, variation: Variation, rng: Prng): unknown {
  if ('of' in variation) return variation.of[rng.int(variation.of.length)];
  const [least, most] = 'count' in variation ? variation.count : [variation.from, variation.to];
  const number = least + rng.int(most - least + 1);
  if (!('count' in variation)) return number;
  if (!Array.isArray(before)) throw missing(variation);
  return before.slice(0, number);
}

function missing({ at }: Variation): VariationError {
  return new VariationError(
    `varies: there is no "${at}" in the scenario. Write a way through it, such as clients.0.arrivals.rateRps.`,
  );
}

/** The seed of one test in an attempt: one number names all of them. */
export function seedIn(attempt: number, { suite, number }: Pick<KataScenario, 'suite' | 'number'>): number {
  return new Prng(attempt).fork(`${suite}:${number}`).int(0x100000000);
}
