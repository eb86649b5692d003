import { describe, expect, test } from 'vitest';
import { policiesFor } from '../../../engine/index.ts';
import { Guard, LIMITS } from '../../../engine/sandbox/guard.ts';
import { withReference } from '../../../engine/sandbox/learner.ts';
import { Rehearsing } from '../../../engine/sandbox/rehearsal.ts';
import { runScenario } from '../../../engine/sandbox/run.ts';
import { Simulation } from '../../../engine/world/simulation.ts';
import { fromLibrary, libraryNames } from '../world/library.ts';

const scenario = { ...fromLibrary('nothing-goes-wrong'), durationUs: 1_000_000 };
const firstOfAll = () => ({ pick: (backends: readonly unknown[]) => backends[0] });

/** A clock that goes on by a millisecond whenever it is read, and turns that are taken by hand. */
function stage() {
  let nowMs = 0;
  const turns: (() => void)[] = [];
  const guard = new Guard(LIMITS, () => undefined);
  const rehearsing = new Rehearsing(
    () => (nowMs += 1),
    (step) => turns.push(step),
  );
  const takeTurn = (): void => turns.shift()?.();
  return { guard, rehearsing, turns, takeTurn };
}

describe('a rehearsal', () => {
  test('goes on in turns, and comes to an end although its world is over sooner', () => {
    const { guard, rehearsing, turns, takeTurn } = stage();
    rehearsing.begin({ kind: 'picker', scenario }, guard);
    let taken = 0;
    for (; turns.length > 0; taken++) takeTurn();
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThan(100);
  });

  test('ends when there is a job', () => {
    const { guard, rehearsing, turns, takeTurn } = stage();
    rehearsing.begin({ kind: 'picker', scenario }, guard);
    takeTurn();
    rehearsing.end();
    takeTurn();
    expect(turns).toEqual([]);
  });

  test('leaves nothing behind: the run after it is the same to the last bit', () => {
    const { guard, rehearsing, takeTurn } = stage();
    const run = () => {
      guard.load({ sites: [] });
      return runScenario(scenario, 7, 'picker', firstOfAll, guard, () => undefined);
    };
    const before = run();
    rehearsing.begin({ kind: 'picker', scenario }, guard);
    takeTurn();
    expect(run()).toEqual(before);
  });

  test.each(libraryNames)('treats the own policies of %s as a learner’s without changing the run', (name) => {
    const world = { ...fromLibrary(name), durationUs: 300_000 };
    const guard = new Guard(LIMITS, () => undefined);
    const plain = new Simulation(world, policiesFor(world));
    const rehearsed = new Simulation(world, withReference(policiesFor(world), 'picker', world, guard));
    for (const simulation of [plain, rehearsed]) simulation.runToEnd();
    expect(rehearsed.digest()).toBe(plain.digest());
  });
});
