import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DURATION_BUCKETS, histogramSamples, prometheusText } from '../../../engine/metrics/prometheus.ts';

test('a family has its help and type first, then a line for each sample', () => {
  const samples = [{ labels: { backend: 's1', code: '200' }, value: 12 }, { value: 0.5 }];
  expect(prometheusText([{ name: 'requests_total', help: 'All.', type: 'counter', samples }])).toBe(
    '# HELP requests_total All.\n# TYPE requests_total counter\nrequests_total{backend="s1",code="200"} 12\nrequests_total 0.5\n',
  );
});

test('what would end a label early is escaped', () => {
  const samples = [{ labels: { path: 'a"b\\c\nd' }, value: 1 }];
  const text = prometheusText([{ name: 'm', help: 'two\nlines', type: 'gauge', samples }]);
  expect(text).toContain('m{path="a\\"b\\\\c\\nd"} 1\n');
  expect(text.split('\n')).toHaveLength(4);
});

test('the buckets of a histogram count all values up to their bound; the last one counts all', () => {
  const values = fc.array(fc.double({ min: 0, max: 20, noNaN: true }));
  fc.assert(
    fc.property(values, (seconds) => {
      const samples = histogramSamples(seconds, DURATION_BUCKETS, { backend: 's1' });
      const buckets = samples.filter(({ suffix }) => suffix === '_bucket');
      expect(buckets.map(({ value }) => value)).toEqual(
        [...DURATION_BUCKETS, Infinity].map((bound) => seconds.filter((value) => value <= bound).length),
      );
      expect(buckets.at(-1)!.labels).toEqual({ backend: 's1', le: '+Inf' });
      expect(samples.at(-1)).toEqual({ suffix: '_count', labels: { backend: 's1' }, value: seconds.length });
    }),
  );
});
