import { ewma } from './ewma.ts';
import type { EwmaOptions } from './ewma.ts';
import { inFlight, weightedInFlight } from './in-flight.ts';
import type { LoadMetric } from './load-metric.ts';
import { nginxResponseTime } from './nginx-response-time.ts';
import { finaglePeakEwma, peakEwma } from './peak-ewma.ts';
import { recentMean } from './recent-mean.ts';
import { bandwidth, bytesInFlight } from './traffic-volume.ts';

/** What the option `metric` of a picker may say. `decayUs` and `defaultUs` are for those that have a window and a first guess. */
export const LOAD_METRICS = {
  'in-flight': inFlight,
  'weighted-in-flight': weightedInFlight,
  'bytes-in-flight': bytesInFlight,
  bandwidth,
  ewma,
  'peak-ewma': peakEwma,
  'finagle-peak-ewma': finaglePeakEwma,
  'nginx-response-time': () => nginxResponseTime(),
  'recent-mean': recentMean,
} as const satisfies Readonly<Record<string, (options: EwmaOptions) => LoadMetric>>;

export type LoadMetricName = keyof typeof LOAD_METRICS;

export interface MetricOptions extends EwmaOptions {
  readonly metric?: LoadMetricName;
}

export function loadMetric(name: LoadMetricName, options: EwmaOptions): LoadMetric {
  return LOAD_METRICS[name](options);
}
