import { describe, expect, test } from 'vitest';
import { targetTracking } from '../../../../engine/tier/target-tracking.ts';
import { ControlLoop, type LoopSpec } from '../../../../engine/world/autoscaling/control-loop.ts';
import { s } from '../build.ts';
import { Ticking } from '../ticking.ts';

const SPEC: LoopSpec = {
  minimum: 2,
  maximum: 20,
  everyUs: s(15),
  sampleUs: s(1),
  startUs: s(60),
  warmUpUs: 0,
  cooldown: { outUs: 0, inUs: s(300) },
};

/** A fleet in which work divides evenly: each member is busy with its part of it, and never more than wholly. */
function setUp(load: { now: number }, spec: Partial<LoopSpec> = {}) {
  const ticking = new Ticking();
  const since = [-Infinity, -Infinity];
  const sizes: [number, number][] = [];
  const note = () => sizes.push([ticking.clock.nowUs / s(1), since.length]);
  const fleet = {
    get size() {
      return since.length;
    },
    sample: (warmUpUs: number) => {
      const ready = since.filter((fromUs) => ticking.clock.nowUs - fromUs >= warmUpUs).length;
      return { ready, metric: ready === 0 ? NaN : Math.min(1, load.now / since.length) };
    },
    add: () => {
      since.push(ticking.clock.nowUs);
      note();
    },
    takeOut: () => {
      since.pop();
      note();
    },
  };
  const scaler = targetTracking({ target: 0.5, stabiliseUs: 0 });
  const loop = new ControlLoop({ ...SPEC, ...spec }, fleet, scaler, ticking.clock, ticking.alarms);
  return { ticking, sizes, loop, size: () => since.length };
}

describe('the control loop of an autoscaler', () => {
  test('a surge is answered at the next look, and the answer works a start later', () => {
    const load = { now: 1 };
    const { ticking, sizes } = setUp(load);
    ticking.goTo(s(30));
    load.now = 2;
    ticking.goTo(s(120));
    // Two members wholly busy: the look at 45 s orders two, who work from 105 s on.
    expect(sizes).toEqual([
      [105, 3],
      [105, 4],
    ]);
  });

  test('a metric with a ceiling doubles at each step, however large the surge', () => {
    const load = { now: 10 };
    const { ticking, sizes, size } = setUp(load);
    ticking.goTo(s(1000));
    const steps = [...new Set(sizes.map(([at]) => at))];
    expect(steps.map((step) => sizes.findLast(([at]) => at === step)![1])).toEqual([4, 8, 16, 20]);
    expect(size()).toBe(20);
  });

  test('members still warming up do not lower the mean, and are not ordered twice', () => {
    const load = { now: 2 };
    const { ticking, size } = setUp(load, { warmUpUs: s(120) });
    ticking.goTo(s(1000));
    expect(size()).toBe(4);
  });

  test('taking out waits for its cooldown, and stops at the minimum', () => {
    const load = { now: 4 };
    const { ticking, sizes, size } = setUp(load, { startUs: 0 });
    ticking.goTo(s(60));
    expect(size()).toBe(8);
    const grownAt = sizes.at(-1)![0];
    load.now = 0;
    ticking.goTo(s(1000));
    expect(size()).toBe(2);
    const shrunkAt = sizes.find(([at, count]) => at > grownAt && count < 8)![0];
    expect(shrunkAt - grownAt).toBeGreaterThanOrEqual(300);
  });

  test('with a cooldown it orders no more until that is over', () => {
    const load = { now: 10 };
    const { ticking, sizes } = setUp(load, { startUs: 0, cooldown: { outUs: s(120), inUs: s(300) } });
    ticking.goTo(s(400));
    const steps = [...new Set(sizes.map(([at]) => at))];
    expect(steps).toEqual([15, 135, 255, 375]);
  });
});
