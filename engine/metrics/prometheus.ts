/**
 * Metrics in the text format that Prometheus scrapes (version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/).
 * Names end in their unit; counters end in `_total`.
 */

export type Labels = Readonly<Record<string, string>>;

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** After the family's name; histograms have `_bucket`, `_sum` and `_count`. */
  readonly suffix?: string;
  readonly labels?: Labels;
  readonly value: number;
}

export function prometheusText(families: readonly Family[]): string {
  return families
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ suffix = '', labels = {}, value }) => `${name}${suffix}${written(labels)} ${numeral(value)}`),
        '',
      ].join('\n'),
    )
    .join('');
}

/** The buckets of Prometheus's own client libraries, in seconds. */
export const DURATION_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The samples of a histogram: each bucket counts all values up to its bound. */
export function histogramSamples(values: ArrayLike<number>, bounds: readonly number[], labels: Labels): Sample[] {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    sum += value;
    const bucket = bounds.findIndex((bound) => value <= bound);
    counts[bucket < 0 ? bounds.length : bucket]! += 1;
  }
  let below = 0;
  const buckets = [...bounds, Infinity].map((bound, index): Sample => {
    below += counts[index]!;
    return { suffix: '_bucket', labels: { ...labels, le: numeral(bound) }, value: below };
  });
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: values.length }];
}

function written(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numeral(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}
