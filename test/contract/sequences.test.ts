/**
 * Every picker of the registry in the engine's own pool, through ten thousand sequences of adds, removes, drains, weights, bounds, ejections, retries,
 * starts and ends. Numbers instead of objects keep a sequence at some microseconds, so that all of them take the time of one coffee.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pickerNames, policiesFor } from '../../engine/index.ts';
import type { Picker } from '../../engine/index.ts';
import { alike, constant, world } from '../unit/world/build.ts';
import { COMMANDS, run } from './sequences.ts';

const SEQUENCES = 10_000;
const commands = fc.array(fc.nat(COMMANDS * 60 - 1), { maxLength: 24 });

/** Tables that are dear to build, at sizes that are not; and a picker that judges health besides, which would be a reason to decline. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  maglev: { tableSize: 251 },
  'bounded-load': { tableSize: 251 },
  'nginx-round-robin': { maxFails: 0 },
};

function factoryOf(name: string): () => Picker {
  const backends = alike(1, { service: { default: constant(1) } });
  const scenario = world({ pools: [{ picker: { name, options: OPTIONS[name] ?? {} }, backends }] });
  return () => policiesFor(scenario).pools.get('default')!.picker;
}

describe.each(pickerNames)('%s in the pool', (name) => {
  const make = factoryOf(name);

  test('answers whom it may, tries others on a retry, and somebody while anybody may', () => {
    fc.assert(
      fc.property(fc.nat(), commands, (seed, sequence) => {
        run(make(), seed, sequence);
      }),
      { numRuns: SEQUENCES },
    );
  });

  test('the same sequence with the same seed gets the same answers', () => {
    fc.assert(
      fc.property(fc.nat(), commands, (seed, sequence) => {
        expect(run(make(), seed, sequence)).toEqual(run(make(), seed, sequence));
      }),
    );
  });
});
