import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BackendView, setInFlight } from '../../../engine/core/backend.ts';
import { exp } from '../../../engine/core/maths.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { RequestView } from '../../../engine/core/request.ts';
import { LOAD_METRICS } from '../../../engine/pickers/load/load-metrics.ts';
import type { LoadMetric } from '../../../engine/pickers/load/load-metric.ts';

const template = { client: 'c1', class: 'default', method: 'POST', host: 'example.test', path: '/', headers: {} };

/** Two backends under one metric, driven by hand. */
class Bench {
  readonly metric: LoadMetric;
  readonly views = [new BackendView(0, 'a', 'z', 1), new BackendView(1, 'b', 'z', 4)] as const;
  readonly ctx = { nowUs: 0, rng: new Prng(1) };

  constructor(metric: LoadMetric) {
    this.metric = metric;
    metric.onPoolChange?.(this.views, this.ctx);
  }

  start(which: 0 | 1, bytes = 0): void {
    const view = this.views[which];
    setInFlight(view, view.inFlight + 1);
    this.metric.onRequestStart?.(view, new RequestView(1, 1, { ...template, bytes }), this.ctx);
  }

  end(which: 0 | 1, latencyUs: number, bytes = 0, sent = 0): void {
    const view = this.views[which];
    setInFlight(view, view.inFlight - 1);
    const outcome = { kind: 'served', status: 200, latencyUs, bytes } as const;
    this.metric.onRequestEnd?.(view, new RequestView(1, 1, { ...template, bytes: sent }), outcome, this.ctx);
  }

  /** Start and end at once: the answer took this long. */
  answer(which: 0 | 1, latencyUs: number, bytes = 0): void {
    this.start(which);
    this.end(which, latencyUs, bytes);
  }

  load(which: 0 | 1): number {
    return this.metric.load(this.views[which], this.ctx);
  }
}

test('in flight counts requests; weighted, for each unit of weight', () => {
  const plain = new Bench(LOAD_METRICS['in-flight']());
  const weighted = new Bench(LOAD_METRICS['weighted-in-flight']());
  for (const bench of [plain, weighted]) {
    bench.start(0);
    for (let i = 0; i < 2; i += 1) bench.start(1);
  }
  expect([plain.load(0), plain.load(1)]).toEqual([1, 2]);
  expect([weighted.load(0), weighted.load(1)]).toEqual([1, 0.5]);
});

describe('ewma', () => {
  test('after samples at uneven times it is the closed form: each weighs what its age and the gaps before the next leave it', () => {
    const decayUs = 1_000_000;
    const samples = [
      [0, 8_000],
      [300_000, 2_000],
      [350_000, 10_000],
      [2_000_000, 4_000],
    ] as const;
    const bench = new Bench(LOAD_METRICS.ewma({ decayUs }));
    for (const [atUs, latencyUs] of samples) {
      bench.ctx.nowUs = atUs;
      bench.answer(0, latencyUs);
    }
    const lastUs = samples.at(-1)![0];
    // The first sample has the weight that nothing later took; sample k the part 1 - exp(-gap before it / decay) of what its age leaves.
    const closed = samples.reduce((sum, [atUs, latencyUs], k) => {
      const own = k === 0 ? 1 : 1 - exp(-(atUs - samples[k - 1]![0]) / decayUs);
      return sum + latencyUs * own * exp(-(lastUs - atUs) / decayUs);
    }, 0);
    // A dozen roundings of relative size 2^-53 on either side.
    expect(Math.abs(bench.load(0) / closed - 1)).toBeLessThan(1e-14);
  });

  test('time alone changes nothing: it stays as slow in memory as it was', () => {
    const bench = new Bench(LOAD_METRICS.ewma({}));
    bench.answer(0, 900_000);
    bench.ctx.nowUs = 3_600_000_000;
    expect(bench.load(0)).toBe(900_000);
  });

  test('requests in flight multiply it, also before anything was measured', () => {
    const bench = new Bench(LOAD_METRICS.ewma({ defaultUs: 5_000 }));
    bench.start(0);
    expect([bench.load(0), bench.load(1)]).toEqual([10_000, 5_000]);
  });
});

describe('peak ewma', () => {
  test('it falls while it is read, by exp(-time / decay), however often it was read on the way', () => {
    const once = new Bench(LOAD_METRICS['peak-ewma']({ decayUs: 1_000_000, defaultUs: 10_000 }));
    const often = new Bench(LOAD_METRICS['peak-ewma']({ decayUs: 1_000_000, defaultUs: 10_000 }));
    for (let atUs = 0; atUs <= 3_000_000; atUs += 1_000) {
      often.ctx.nowUs = atUs;
      often.load(0);
    }
    once.ctx.nowUs = 3_000_000;
    const closed = 10_000 * exp(-3);
    expect(Math.abs(once.load(0) / closed - 1)).toBeLessThan(1e-15 * 4);
    // 3,000 factors, each off by 2^-52 at most.
    expect(Math.abs(often.load(0) / closed - 1)).toBeLessThan(3_000 * 2 ** -51);
  });

  test('a slower answer replaces the estimate at once, a faster one only moves it', () => {
    const bench = new Bench(LOAD_METRICS['peak-ewma']({ decayUs: 1_000_000, defaultUs: 10_000 }));
    bench.ctx.nowUs = 1_000;
    bench.answer(0, 50_000);
    expect(bench.load(0)).toBe(50_000);
    bench.ctx.nowUs = 101_000;
    bench.answer(0, 20_000);
    expect(bench.load(0)).toBeCloseTo(50_000 * exp(-0.1) + 20_000 * (1 - exp(-0.1)), 6);
  });

  test('in the form of Finagle a backend nobody knows is free, until one request is under way there', () => {
    const bench = new Bench(LOAD_METRICS['finagle-peak-ewma']({}));
    expect(bench.load(0)).toBe(0);
    bench.start(0);
    expect(bench.load(0)).toBeGreaterThan(1e11);
    bench.end(0, 3_000);
    expect(bench.load(0)).toBe(3_000);
  });
});

test('bytes in flight are those of the requests under way, and one for each', () => {
  const bench = new Bench(LOAD_METRICS['bytes-in-flight']());
  bench.start(0, 5_000);
  bench.start(0, 700);
  expect(bench.load(0)).toBe(5_702);
  bench.end(0, 1, 0, 5_000);
  expect(bench.load(0)).toBe(701);
});

test('bandwidth of steady traffic settles at its bytes a second', () => {
  const bench = new Bench(LOAD_METRICS.bandwidth({ decayUs: 1_000_000 }));
  for (let atUs = 0; atUs <= 20_000_000; atUs += 1_000) {
    bench.ctx.nowUs = atUs;
    bench.answer(0, 1, 250);
  }
  // 250 bytes each millisecond: the sum is the geometric series 250 / (1 - exp(-1/1000)), read at its top: half a step, 0.05 %, above the mean.
  expect(bench.load(0) / 250_000).toBeCloseTo(1.0005, 5);
});

test('the average of nginx halves for each fail_timeout in which no pick asked for the backend, and failures do not enter it', () => {
  const bench = new Bench(LOAD_METRICS['nginx-response-time']());
  bench.answer(0, 400_000);
  expect(bench.load(0)).toBe(420);
  bench.metric.onRequestEnd?.(
    bench.views[0],
    new RequestView(1, 1, template),
    { kind: 'refused', status: 0, latencyUs: 1, bytes: 0 },
    bench.ctx,
  );
  expect(bench.load(0)).toBe(420);
  const at = (seconds: number) => {
    bench.ctx.nowUs = seconds * 1_000_000;
    return bench.load(0);
  };
  // More than 10 s: one halving for each whole 11 s.
  expect([at(10), at(11), at(21), at(22), at(400)]).toEqual([420, 220, 220, 120, 20]);
});

test('the mean of Traefik is over the last hundred', () => {
  const bench = new Bench(LOAD_METRICS['recent-mean']());
  expect(bench.load(0)).toBe(0);
  for (let i = 0; i < 100; i += 1) bench.answer(0, 10_000);
  for (let i = 0; i < 50; i += 1) bench.answer(0, 30_999);
  expect(bench.load(0)).toBe(20);
});

test('where a metric has a rank, it orders backends as their loads do, at any later time', () => {
  const step = fc.record({
    which: fc.constantFrom(0 as const, 1 as const),
    start: fc.boolean(),
    afterUs: fc.nat(2_000_000),
    latencyUs: fc.integer({ min: 1, max: 500_000 }),
    bytes: fc.nat(1_000),
  });
  for (const [name, make] of Object.entries(LOAD_METRICS)) {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(5_000_000), (steps, laterUs) => {
        const bench = new Bench(make({}));
        if (bench.metric.rank === undefined) return;
        for (const { which, start, afterUs, latencyUs, bytes } of steps) {
          bench.ctx.nowUs += afterUs;
          if (start || bench.views[which].inFlight === 0) bench.start(which);
          else bench.end(which, latencyUs, bytes);
        }
        const ranks = bench.views.map((view) => bench.metric.rank!(view));
        bench.ctx.nowUs += laterUs;
        const loads = [bench.load(0), bench.load(1)];
        const apart = Math.abs(loads[0]! - loads[1]!) > 1e-9 * Math.max(...loads);
        if (apart) expect(ranks[0]! < ranks[1]!, name).toBe(loads[0]! < loads[1]!);
      }),
    );
  }
});
