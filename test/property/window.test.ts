import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencySeries, TrailingWindow } from '../../engine/metrics/window.ts';

/** Ends of requests: gaps since the one before, and latencies below 256, where the histogram is exact. */
const ends = fc.array(fc.record({ gapUs: fc.nat(30), latencyUs: fc.nat(255) }), { maxLength: 1000 }).map((gaps) => {
  let atUs = 0;
  return gaps.map(({ gapUs, latencyUs }) => ({ atUs: (atUs += gapUs), latencyUs }));
});

function p50(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.ceil(list.length / 2) - 1] ?? NaN;
}

test('a trailing window holds what ended after its start, up to its end', () => {
  fc.assert(
    fc.property(ends, fc.integer({ min: 1, max: 500 }), fc.nat(600), (list, windowUs, laterUs) => {
      const window = new TrailingWindow(windowUs);
      for (const { atUs, latencyUs } of list) window.record(atUs, latencyUs);
      const nowUs = (list.at(-1)?.atUs ?? 0) + laterUs;
      const inside = list.filter(({ atUs }) => atUs > nowUs - windowUs).map(({ latencyUs }) => latencyUs);
      const seen = window.upTo(nowUs);
      expect([seen.count, seen.quantile(50)]).toEqual([inside.length, p50(inside)]);
    }),
  );
});

test('each sample of a series is the trailing window that ends there', () => {
  fc.assert(
    fc.property(ends, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 10, max: 100 }), (list, windowUs, stepUs) => {
      const series = new LatencySeries(windowUs, stepUs);
      for (const { atUs, latencyUs } of list) series.record(atUs, latencyUs);
      const nowUs = (list.at(-1)?.atUs ?? 0) + 50;
      series.advance(nowUs);
      expect(series.length).toBe(Math.floor(nowUs / stepUs));
      for (let row = 0; row < series.length; row += 1) {
        const atUs = (row + 1) * stepUs;
        const inside = list
          .filter((end) => end.atUs > atUs - windowUs && end.atUs <= atUs)
          .map(({ latencyUs }) => latencyUs);
        expect([series.atUs[row], series.n[row], series.p50Us[row]]).toEqual([atUs, inside.length, p50(inside)]);
      }
    }),
  );
});
