import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BELIEVED, EVENT_KIND, policiesFor, Simulation } from '../../engine/index.ts';
import type { Backend, Picker, Policies } from '../../engine/index.ts';
import { InFlight } from '../../engine/world/in-flight.ts';
import { worlds } from './worlds.ts';

/** Collects what is not as it should be: an `expect` per event would be most of the time of these tests. */
class Doubts {
  readonly found: string[] = [];

  check(holds: boolean, otherwise: string): void {
    if (!holds) this.found.push(otherwise);
  }
}

/** The scenario's policies, with each picker wrapped so that what it is told is held against a count of its own. */
function watched(policies: Policies, inFlight: Map<Backend, number>, doubts: Doubts): Policies {
  const countOf = (backend: Backend) => inFlight.get(backend) ?? 0;
  const compare = (backend: Backend, moment: string) =>
    doubts.check(
      backend.inFlight === countOf(backend),
      `${moment} of ${backend.id}: ${backend.inFlight} in flight, not ${countOf(backend)}`,
    );
  const watch = (picker: Picker): Picker => ({
    ...picker,
    pick(backends, request, ctx) {
      for (const backend of backends) compare(backend, 'pick');
      return picker.pick(backends, request, ctx);
    },
    onRequestStart(backend, request, ctx) {
      inFlight.set(backend, countOf(backend) + 1);
      compare(backend, 'start');
      picker.onRequestStart?.(backend, request, ctx);
    },
    onRequestEnd(backend, request, outcome, ctx) {
      inFlight.set(backend, countOf(backend) - 1);
      compare(backend, 'end');
      doubts.check(outcome.latencyUs >= 0, `request ${request.id} ended before it began`);
      picker.onRequestEnd?.(backend, request, outcome, ctx);
    },
  });
  const pools = [...policies.pools].map(([id, pool]) => [id, { ...pool, picker: watch(pool.picker) }] as const);
  return { ...policies, pools: new Map(pools) };
}

/** The kinds of event of each request, in order, as one text. */
function waysOf({ trace }: Simulation, doubts: Doubts): Map<number, string> {
  const ways = new Map<number, string>();
  for (let row = 0; row < trace.length; row++) {
    const { atUs, kind, request } = trace.at(row);
    doubts.check(row === 0 || atUs >= trace.atUs[row - 1]!, `time ran back to ${atUs}`);
    if (request > 0) ways.set(request, `${ways.get(request) ?? ''}${kind}`);
  }
  return ways;
}

it('every request ends once or is under way, counts are true, time never runs back', () => {
  // Arrived, then picked, maybe queued, maybe started, and ended at most once; a server may take up work that nobody waits for any more.
  const { arrived: a, picked: p, queued: q, started: w, served: y, failed: n } = EVENT_KIND;
  const possible = new RegExp(`^${a}(${n}|${p}(${q})?(${w})?(${y}|${n})?|${p}${n}(${q})?(${w})?|${p}${q}${n}${w})?$`);
  fc.assert(
    fc.property(worlds, (scenario) => {
      const doubts = new Doubts();
      const inFlight = new Map<Backend, number>();
      const simulation = new Simulation(scenario, watched(policiesFor(scenario), inFlight, doubts));
      simulation.runToEnd();

      const ways = waysOf(simulation, doubts);
      for (const [request, way] of ways) doubts.check(possible.test(way), `request ${request} went ${way}`);
      const ended = [...ways.values()].filter((way) => way.includes(`${y}`) || way.includes(`${n}`)).length;
      const { counts } = simulation;
      expect([counts.arrived, counts.served + counts.failed]).toEqual([ways.size, ended]);

      for (const { id, busy, workers, queued, inFlight: count } of simulation.backends()) {
        doubts.check(
          busy >= 0 && busy <= workers && queued >= 0,
          `${id}: ${busy} of ${workers} workers busy, ${queued} queued`,
        );
        const [, own = 0] = [...inFlight].find(([backend]) => backend.id === id) ?? [];
        doubts.check(count === own, `${id}: ${count} in flight at the end, not ${own}`);
      }
      expect(doubts.found).toEqual([]);
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
      const doubts = new Doubts();
      const believed = new Map<number, number>();
      for (let row = 0; row < trace.length; row++) {
        const { kind, backend, value } = trace.at(row);
        if (kind === EVENT_KIND.health) believed.set(backend, value);
        if (kind !== EVENT_KIND.picked) continue;
        doubts.check(
          (believed.get(backend) ?? BELIEVED.healthy) === BELIEVED.healthy,
          `row ${row} sent to backend ${backend}`,
        );
      }
      expect(doubts.found).toEqual([]);
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
