import { describe, expect, it } from 'vitest';
import { Milestones, policiesFor, type Scenario, type Simulation, simulationAt } from '../../../engine/index.ts';
import { alike, exponential, ms, s, simulate, world } from './build.ts';
import { fromLibrary } from './library.ts';

/** 22,000 requests in ten seconds, one backend slow from the third on. */
const SCENARIO = world({
  clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 2_200 } }],
  pools: [
    { picker: { name: 'power-of-two-choices' }, backends: alike(4, { service: { default: exponential(ms(1.2)) } }) },
  ],
  timeline: [{ do: 'slow', atUs: s(3), backend: 's1', factor: 3 }],
});

/** `started`: runs begun so far; `simulated`: requests that have arrived in all of them together. */
function startOf(scenario: Scenario = SCENARIO) {
  const runs: Simulation[] = [];
  const start = (trace: true | 'later') => {
    const run = simulationAt(scenario, () => policiesFor(scenario), 5, scenario.timeline, 0, { trace });
    runs.push(run);
    return run;
  };
  const simulated = () => runs.reduce((sum, { counts }) => sum + counts.arrived, 0);
  return { start, started: () => runs.length, simulated };
}

/** All that a run has written down. */
function written({ trace, log, calls, nowUs }: Simulation) {
  const { notes, length } = trace;
  const {
    client,
    class: classes,
    backend,
    sentUs,
    arrivedUs,
    inFlight,
    queuedUs,
    startedUs,
    endedUs,
    outcome,
    node,
  } = log;
  const columns = {
    client,
    classes,
    backend,
    sentUs,
    arrivedUs,
    inFlight,
    queuedUs,
    startedUs,
    endedUs,
    outcome,
    node,
  };
  const lines = Object.entries(columns).map(([name, column]) => [name, column.slice(0, log.length)]);
  return { nowUs, length, digest: trace.digest(), notes: structuredClone(notes), lines, callCount: calls.log.length };
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

  it.each([
    'stall-nobody-measured',
    'retries-keep-it-down',
    'ecmp-maglev-with-table',
    'rolling-replacement',
    'login-on-another-server',
  ])('leave nothing else written down than the run itself: %s', (name) => {
    const scenario = fromLibrary(name);
    const { start } = startOf(scenario);
    const milestones = new Milestones(start);
    let run = milestones.at(scenario.durationUs);
    const instants = [0.9, 0.31, 0.62, 1].map((share) => Math.round(scenario.durationUs * share));
    const sought = instants.map((atUs) => written((run = milestones.at(atUs, run))));
    const straight = simulate(scenario, { seed: 5 });
    for (const instant of sought.toSorted((one, other) => one.nowUs - other.nowUs)) {
      straight.runUntil(instant.nowUs);
      expect(instant).toEqual(written(straight));
    }
  });

  it('spare going back more than an eighth of the run, once all are ready', () => {
    const { start, simulated } = startOf();
    const milestones = new Milestones(start);
    const run = milestones.at(s(10));
    const whole = run.counts.arrived;
    for (const atUs of [s(9.9), s(8.7), s(7.4), s(6.2), s(4.9), s(3.7), s(2.4), s(1.2), 0]) {
      everythingPrepared(milestones, run);
      const before = simulated();
      milestones.at(atUs, run);
      // Arrivals are Poisson: of 2,750 in an eighth the standard deviation is 52, and six of them are 312.
      expect(simulated() - before).toBeLessThanOrEqual(whole / 8 + 312);
    }
  });

  it('spare a jump back more than half of the run, though nobody had time to prepare any', () => {
    for (const atUs of [s(9.9), s(7.5), s(5), s(4.9), s(2), 0]) {
      const { start, simulated } = startOf();
      const milestones = new Milestones(start);
      const run = milestones.at(s(10));
      const before = simulated();
      milestones.at(atUs, run);
      // Half of 22,000, and six standard deviations.
      expect(simulated() - before).toBeLessThanOrEqual(11_000 + 630);
    }
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
    // The run itself, and one for each eighth.
    expect(started()).toBe(8);

    const short = startOf({ ...SCENARIO, durationUs: s(4) });
    const few = new Milestones(short.start);
    everythingPrepared(few, few.at(s(4)));
    expect(short.started()).toBe(1);
  });
});
