import { describe, expect, it } from 'vitest';
import { EVENT_KIND } from '../../../engine/index.ts';
import type { ScenarioInput, Simulation } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from '../world/build.ts';
import type { BackendInput } from '../world/build.ts';

type PoolInput = ScenarioInput['pools'][number];

const one: Omit<BackendInput, 'id'> = { service: { default: constant(ms(1)) } };

/** 100 requests a second to these backends. */
function underLoad(backends: BackendInput[], pool: Partial<PoolInput>, input: Partial<ScenarioInput> = {}): Simulation {
  const clients = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 100 } as const }];
  const run = simulate(world({ clients, pools: [{ picker: { name: 'round-robin' }, backends, ...pool }], ...input }));
  run.runToEnd();
  return run;
}

const served = (run: Simulation) => run.backends().map((backend) => backend.served);
const out = (...ids: string[]) => ids.map((backend) => ({ do: 'disable', atUs: 0, backend }) as const);

describe('levels', () => {
  it('the second level gets what the first cannot take, and a level out by hand counts no hosts', () => {
    const backends = alike(4, one).map((backend, at) => ({ ...backend, priority: at < 2 ? 0 : 1 }));
    expect(served(underLoad(backends, {}))).toEqual([500, 499, 0, 0]);
    const [a, b, c, d] = served(underLoad(backends, {}, { timeline: out('s1', 's2') }));
    expect([a, b]).toEqual([0, 0]);
    expect(c! + d!).toBeGreaterThanOrEqual(998);
  });

  it('Envoy: a level at 60 % of its hosts keeps 84 % of the requests, and the next has the rest', () => {
    // Five hosts each; two of the first level fail their checks. 140 % of 60 % is 84 %.
    const backends = alike(10, one).map((backend, at) => ({ ...backend, priority: at < 5 ? 0 : 1 }));
    const health = { intervalUs: ms(100), timeoutUs: ms(50), policy: { name: 'thresholds', options: { fall: 1 } } };
    const timeline = ['s1', 's2'].map((backend) => ({ do: 'crash', atUs: 0, backend }) as const);
    const run = underLoad(backends, { health }, { timeline, durationUs: s(40) });
    const picks = rowsOf(run, EVENT_KIND.picked).filter(([atUs]) => atUs! >= s(1));
    const share = picks.filter(([, , , backend]) => backend! < 5).length / picks.length;
    // The level is drawn for each request: 5 standard deviations of a share of so many.
    expect(picks.length).toBeGreaterThan(3_800);
    expect(Math.abs(share - 0.84)).toBeLessThan(5 * Math.sqrt((0.84 * 0.16) / picks.length));
    expect(picks.filter(([, , , backend]) => backend! < 2)).toEqual([]);
  });

  it('zones get shares by weight', () => {
    const backends = alike(4, one).map((backend, at) => ({ ...backend, zone: at < 1 ? 'a' : 'b' }));
    const locality = { kind: 'weighted', weights: { a: 3, b: 1 } } as const;
    const [a, ...b] = served(underLoad(backends, { eligibility: { locality } }));
    const total = a! + b.reduce((sum, count) => sum + count, 0);
    // Zones take turns by their weights, so a share is off by the turns under way alone.
    expect(Math.abs(a! - 0.75 * total)).toBeLessThanOrEqual(4);
    expect(Math.max(...b) - Math.min(...b)).toBeLessThanOrEqual(1);
  });

  it('fails open below a number of healthy backends: better a bad backend than none', () => {
    const backends = alike(2, one);
    const health = { intervalUs: ms(100), timeoutUs: ms(50), policy: { name: 'thresholds', options: { fall: 1 } } };
    const timeline = backends.map(({ id }) => ({ do: 'answer-checks', atUs: 0, backend: id, status: 500 }) as const);
    const closed = underLoad(backends, { health }, { timeline });
    const open = underLoad(backends, { health, eligibility: { failOpenBelow: 1 } }, { timeline });
    expect(closed.counts.failed).toBeGreaterThan(900);
    expect(open.counts.failed).toBe(0);
  });

  it('in panic a pool asks all its backends, also those that fail their checks', () => {
    const backends = alike(3, one);
    const health = { intervalUs: ms(100), timeoutUs: ms(50), policy: { name: 'thresholds', options: { fall: 1 } } };
    const timeline = ['s1', 's2'].map((backend) => ({ do: 'crash', atUs: 0, backend }) as const);
    const calm = underLoad(backends, { health }, { timeline });
    const panics = underLoad(backends, { health, eligibility: { panicThreshold: 0.5 } }, { timeline });
    expect(calm.counts.failed).toBeLessThan(20);
    expect(panics.counts.failed).toBeGreaterThan(600);
  });
});

describe('backups', () => {
  it('serve only when nobody else is there: the first of them, or all', () => {
    const backends = alike(4, one).map((backend, at) => ({ ...backend, backup: at >= 2 }));
    const timeline = out('s1', 's2');
    const [, , firstOnly, idle] = served(underLoad(backends, {}, { timeline }));
    expect([firstOnly! > 990, idle]).toEqual([true, 0]);
    const [, , half, other] = served(underLoad(backends, { eligibility: { backups: 'all' } }, { timeline }));
    expect(Math.abs(half! - other!)).toBeLessThanOrEqual(1);
  });
});

describe("nginx's backups", () => {
  it('serve what the others have no room for', () => {
    const busy = { service: { default: constant(ms(100)) }, workers: 100 };
    const [main, backup] = alike(2, busy);
    const backends = [
      { ...main!, maxConnections: 2 },
      { ...backup!, backup: true },
    ];
    // Ten at a time: two of them go to the one that is full then, the rest finds nobody, or the backup.
    const alone = underLoad(backends, {});
    const spills = underLoad(backends, { eligibility: { backups: 'spill' } });
    expect(served(alone)[1]).toBe(0);
    expect(alone.counts.failed).toBeGreaterThan(700);
    expect(spills.counts.failed).toBe(0);
    expect(served(spills)[1]! / spills.counts.served).toBeCloseTo(0.8, 1);
  });
});

describe('subsets', () => {
  it('without a subset for the request nobody serves, unless anybody may', () => {
    const backends = alike(2, one).map((backend, at) => ({ ...backend, metadata: { version: `v${at}` } }));
    const subsets = { criteria: { version: 'x-version' }, selectors: [{ keys: ['version'] }] };
    expect(underLoad(backends, { eligibility: { subsets } }).counts.served).toBe(0);
    const any = underLoad(backends, { eligibility: { subsets: { ...subsets, fallback: 'any' } } });
    expect(any.counts.failed).toBe(0);
  });
});

describe('a drain with a limit', () => {
  it('cuts off what is left when it is up, and says how much that was', () => {
    const backends = alike(2, { service: { default: constant(s(5)) }, workers: 1000 });
    const timeline = [{ do: 'drain', atUs: s(1), backend: 's1', timeoutUs: s(2) } as const];
    const run = underLoad(backends, {}, { timeline });
    const [[atUs, , , backend, cut] = []] = rowsOf(run, EVENT_KIND.drained);
    expect([atUs, backend]).toEqual([s(3), 0]);
    expect(cut).toBeGreaterThan(40);
    expect(run.counts.failed).toBe(cut);
  });
});

describe('bounds on connections', () => {
  it('a full backend gets nothing until a request of it ends', () => {
    const backends = alike(2, { service: { default: constant(ms(100)) }, workers: 100 });
    const run = underLoad([{ ...backends[0]!, maxConnections: 1 }, backends[1]!], {});
    const most = Math.max(
      ...rowsOf(run, EVENT_KIND.picked)
        .filter(([, , , at]) => at === 0)
        .map((row) => row[4]!),
    );
    expect(most).toBe(1);
    expect(run.counts.failed).toBe(0);
  });
});
