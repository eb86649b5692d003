import { STATUS_OF_FAILURE } from '../metrics/event-kind.ts';
import { DURATION_BUCKETS, histogramSamples } from '../metrics/prometheus.ts';
import type { Family, Sample } from '../metrics/prometheus.ts';
import { PENDING, SERVED } from '../metrics/request-log.ts';
import type { Simulation } from './simulation.ts';

/** What a scrape of the balancer at this moment finds. A request counts once it has ended; it belongs to the backend it was last sent to. */
export function metricFamilies(run: Simulation): Family[] {
  const backends = run.backends();
  const present = backends.filter(({ believed }) => believed !== 'removed');
  const ended = endedRequests(run);
  const gauge = (name: string, help: string, value: (backend: (typeof backends)[number]) => number): Family => ({
    name,
    help,
    type: 'gauge',
    samples: present.map((backend) => ({
      labels: { backend: backend.id, pool: backend.pool },
      value: value(backend),
    })),
  });
  return [
    {
      name: 'ballast_requests_total',
      help: 'Requests that have ended, by backend (empty: none was found) and status.',
      type: 'counter',
      samples: countSamples(
        ended,
        backends.map(({ id }) => id),
      ),
    },
    {
      name: 'ballast_request_duration_seconds',
      help: 'From the client and back, of requests that were served.',
      type: 'histogram',
      samples: backends.flatMap(({ id }, index) => {
        const seconds = ended
          .filter(({ backend, code }) => backend === index && code === '200')
          .map(({ us }) => us / 1_000_000);
        return seconds.length === 0 ? [] : histogramSamples(seconds, DURATION_BUCKETS, { backend: id });
      }),
    },
    gauge('ballast_backend_up', 'Whether new requests may be sent there: 1 or 0.', ({ believed }) =>
      believed === 'healthy' ? 1 : 0,
    ),
    gauge('ballast_backend_weight', 'Its share of traffic, relative to the others.', ({ weight }) => weight),
    gauge('ballast_backend_in_flight', 'Requests sent there and not yet ended.', ({ inFlight }) => inFlight),
  ];
}

interface Ended {
  /** Index of the backend; -1: none. */
  readonly backend: number;
  readonly code: string;
  readonly us: number;
}

function endedRequests({ log }: Simulation): Ended[] {
  const ended: Ended[] = [];
  for (let row = 0; row < log.length; row++) {
    const outcome = log.outcome[row]!;
    if (outcome === PENDING) continue;
    const code = outcome === SERVED ? '200' : String(STATUS_OF_FAILURE[outcome]);
    ended.push({ backend: log.backend[row]!, code, us: log.endedUs[row]! - log.sentUs[row]! });
  }
  return ended;
}

function countSamples(ended: readonly Ended[], ids: readonly string[]): Sample[] {
  const counts = new Map<string, Sample>();
  for (const { backend, code } of ended) {
    const key = `${backend} ${code}`;
    const labels = { backend: ids[backend] ?? '', code };
    counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ labels }: Sample): string {
  return `${labels!.backend} ${labels!.code}`;
}
