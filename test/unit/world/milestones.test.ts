import { describe, expect, it } from 'vitest';
import { Milestones, policiesFor, type Simulation, simulationAt } from '../../../engine/index.ts';
import { alike, exponential, ms, s, simulate, world } from './build.ts';

/** 22,000 requests in ten seconds, one backend slow from the third on. */
const SCENARIO = world({
  clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 2_200 } }],
  pools: [
    { picker: { name: 'power-of-two-choices' }, backends: alike(4, { service: { default: exponential(ms(1.2)) } }) },
  ],
  timeline: [{ do: 'slow', atUs: s(3), backend: 's1', factor: 3 }],
});

function startOf(scenario = SCENARIO): { start: () => Simulation; started: () => number } {
  let started = 0;
  const start = () => {
    started++;
    return simulationAt(scenario, () => policiesFor(scenario), 5, scenario.timeline, 0);
  };
  return { start, started: () => started };
}

function everythingPrepared(milestones: Milestones, run: Simulation): void {
  while (milestones.prepare(run));
}

describe('milestones of a run', () => {
  it('lead to the run that a replay from the start leads to, at any time and in any order', () => {
    const { start } = startOf();
    const milestones = new Milestones(start);
    let run = milestones.at(s(10));
    const sought = [s(6), s(9.99), s(2.5), s(2.499), s(2.5), s(8), 0, s(10)].map((atUs, index) => {
      // Sometimes a milestone is half done, sometimes all are ready.
      for (let piece = 0; piece < 150 * index && milestones.prepare(run); piece++);
      run = milestones.at(atUs, run);
      return { atUs: run.nowUs, digest: run.digest(), backends: run.backends() };
    });
    const straight = simulate(SCENARIO, { seed: 5 });
    for (const instant of sought.toSorted((one, other) => one.atUs - other.atUs)) {
      straight.runUntil(instant.atUs);
      expect(instant).toEqual({ atUs: straight.nowUs, digest: straight.digest(), backends: straight.backends() });
    }
  });

  it('spare going back more than a quarter of the run', () => {
    const { start, started } = startOf();
    const milestones = new Milestones(start);
    const run = milestones.at(s(10));
    everythingPrepared(milestones, run);
    const before = started();
    for (const atUs of [s(8), s(6), s(3)]) milestones.at(atUs, run);
    expect(started()).toBe(before);
    milestones.at(s(2), run);
    expect(started()).toBe(before + 1);
  });

  it('serve one seek, and are made again', () => {
    const { start, started } = startOf();
    const milestones = new Milestones(start);
    const run = milestones.at(s(10));
    everythingPrepared(milestones, run);
    const prepared = started();
    const earlier = milestones.at(s(8), run);
    everythingPrepared(milestones, earlier);
    expect(started()).toBe(prepared + 1);
  });

  it('let a run go on that stands before the time, and nothing else is nearer', () => {
    const { start } = startOf();
    const milestones = new Milestones(start);
    const run = milestones.at(s(1));
    expect(milestones.at(s(2), run)).toBe(run);
  });

  it('are made for a long run only', () => {
    const { start, started } = startOf();
    const milestones = new Milestones(start);
    everythingPrepared(milestones, milestones.at(s(9.5)));
    // The run itself, 3/4, 1/2 and 1/4.
    expect(started()).toBe(4);

    const short = startOf({ ...SCENARIO, durationUs: s(4) });
    const few = new Milestones(short.start);
    everythingPrepared(few, few.at(s(4)));
    expect(short.started()).toBe(1);
  });
});
