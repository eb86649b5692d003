import { expect, test } from 'vitest';
import { frameWriter, policiesFor, Simulation } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import { castOf } from '../../../src/components/lesson/cast.ts';
import { summarise } from '../../../src/components/lesson/summary.ts';
import layer4 from '../../../engine/scenarios/layer-4-before-layer-7.json' with { type: 'json' };

test('who does not see the figure reads of layer 4 nodes which is dead, and whether flows are still sent there', () => {
  const { tier, ...rest } = layer4;
  const world = parseScenario({ ...rest, tier: { ...tier, reach: { ...tier.reach, detectUs: 900_000 } } }, 'a test');
  const run = new Simulation(world, policiesFor(world));
  const wordsAt = (atUs: number) => {
    run.runUntil(atUs);
    return summarise(frameWriter(run).next(), castOf(world), world.timeline);
  };
  expect(wordsAt(1_900_000)).toContain('Layer 4: l4-1 up, l4-2 up, l4-3 up. l7-1: up,');
  expect(wordsAt(2_500_000)).toContain('Layer 4: l4-1 up, l4-2 dead and still sent flows, l4-3 up.');
  expect(wordsAt(3_000_000)).toContain('Layer 4: l4-1 up, l4-2 dead, l4-3 up.');
});
