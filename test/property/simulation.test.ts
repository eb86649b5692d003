import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BELIEVED, EVENT_KIND, policiesFor, Simulation } from '../../engine/index.ts';
import type { Backend, Picker, Policies } from '../../engine/index.ts';
import { InFlight } from '../../engine/world/in-flight.ts';
import { worlds } from './worlds.ts';

/** The scenario's policies, with each picker wrapped so that what it is told can be held against the engine. */
function watched(policies: Policies, inFlight: Map<Backend, number>): Policies {
  const watch = (picker: Picker): Picker => ({
    ...picker,
    pick(backends, request, ctx) {
      for (const backend of backends) expect(backend.inFlight).toBe(inFlight.get(backend) ?? 0);
      return picker.pick(backends, request, ctx);
    },
    onRequestStart(backend, request, ctx) {
      inFlight.set(backend, (inFlight.get(backend) ?? 0) + 1);
      expect(backend.inFlight).toBe(inFlight.get(backend));
      picker.onRequestStart?.(backend, request, ctx);
    },
    onRequestEnd(backend, request, outcome, ctx) {
      inFlight.set(backend, inFlight.get(backend)! - 1);
      expect(backend.inFlight).toBe(inFlight.get(backend));
      expect(outcome.latencyUs).toBeGreaterThanOrEqual(0);
      picker.onRequestEnd?.(backend, request, outcome, ctx);
    },
  });
  const pools = [...policies.pools].map(([id, pool]) => [id, { ...pool, picker: watch(pool.picker) }] as const);
  return { ...policies, pools: new Map(pools) };
}

it('every request ends once or is under way, counts are true, time never runs back', () => {
  fc.assert(
    fc.property(worlds, (scenario) => {
      const inFlight = new Map<Backend, number>();
      const simulation = new Simulation(scenario, watched(policiesFor(scenario), inFlight));
      simulation.runToEnd();
      const { trace, counts } = simulation;
      const stages = new Map<number, string>();
      let lastUs = 0;
      for (let row = 0; row < trace.length; row++) {
        const { atUs, kind, request } = trace.at(row);
        expect(atUs).toBeGreaterThanOrEqual(lastUs);
        lastUs = atUs;
        if (request > 0) stages.set(request, `${stages.get(request) ?? ''}${kind}`);
      }
      // arrived, then: picked, maybe queued, maybe started; ended at most once; a server may begin work that nobody waits for any more.
      const { arrived: a, picked: p, queued: q, started: w, served: y, failed: n } = EVENT_KIND;
      const way = new RegExp(`^${a}(${n}|${p}(${q})?(${w})?(${y}|${n})?|${p}${n}(${q})?(${w})?|${p}${q}${n}${w})?$`);
      for (const stage of stages.values()) expect(stage).toMatch(way);
      const ended = [...stages.values()].filter((stage) => stage.includes(`${y}`) || stage.includes(`${n}`)).length;
      expect(ended).toBe(counts.served + counts.failed);
      expect(stages.size).toBe(counts.arrived);

      const states = simulation.backends();
      expect(states.reduce((sum, state) => sum + state.inFlight, 0)).toBe(
        [...inFlight.values()].reduce((sum, n_) => sum + n_, 0),
      );
      for (const { busy, workers, queued } of states) {
        expect(busy).toBeLessThanOrEqual(workers);
        expect(queued).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 150 },
  );
});

it('layer 7 sends nothing to a backend it does not believe in', () => {
  fc.assert(
    fc.property(worlds, (scenario) => {
      const simulation = new Simulation(
        { ...scenario, balancer: { ...scenario.balancer, layer: 7 } },
        policiesFor(scenario),
      );
      simulation.runToEnd();
      const { trace } = simulation;
      const believed = new Map<number, number>();
      for (let row = 0; row < trace.length; row++) {
        const { kind, backend, value } = trace.at(row);
        if (kind === EVENT_KIND.health) believed.set(backend, value);
        if (kind === EVENT_KIND.picked) expect(believed.get(backend) ?? BELIEVED.healthy).toBe(BELIEVED.healthy);
      }
    }),
    { numRuns: 100 },
  );
});

it('a second run is the same run, however it is cut', () => {
  fc.assert(
    fc.property(worlds, fc.array(fc.nat(2_000_000), { maxLength: 8 }), (scenario, cuts) => {
      const first = new Simulation(scenario, policiesFor(scenario));
      first.runToEnd();
      const second = new Simulation(scenario, policiesFor(scenario));
      for (const cut of cuts.toSorted((x, y) => x - y)) second.runUntil(cut);
      while (second.step());
      expect(second.digest()).toBe(first.digest());
      expect(second.backends()).toEqual(first.backends());
    }),
    { numRuns: 60 },
  );
});

it('rows of requests are used again when nobody has business with them any more', () => {
  const rows = new InFlight();
  const taken = [rows.take(0, 0, 1), rows.take(0, 0, 2)];
  rows.open[taken[0]!] = 3;
  const generation = rows.generation[taken[0]!]!;
  rows.close(taken[0]!, 1);
  expect(rows.generation[taken[0]!]).toBe(generation);
  rows.close(taken[0]!, 2);
  expect(rows.generation[taken[0]!]).toBe(generation + 1);
  expect(rows.take(0, 0, 3)).toBe(taken[0]);
  expect(rows.used).toBe(2);
});
