/**
 * The plan of the katas: twenty-six, in order, in seven groups. Those that are written have a folder of this name here, with the
 * files that engine/cli/kata-folder.ts asks for.
 */
export interface PlannedKata {
  /** From 1, in the order they are meant to be done. */
  readonly number: number;
  /** The name of its folder and the last step of its address. */
  readonly slug: string;
  readonly title: string;
  /** As it stands in the course map, where there is little room. */
  readonly short: string;
  readonly group: string;
  /** What the learner writes: the name of an interface in engine/core/policy.ts. */
  readonly policy: string;
  /** The number of the lesson it follows from. Advice: nothing is locked. */
  readonly after: number;
  /** What must hold, in one line. */
  readonly promise: string;
}

type Row = readonly [slug: string, title: string, short: string, policy: string, after: number, promise: string];

export const catalog: readonly PlannedKata[] = [
  ...group('Choosing', [
    ['random', 'Random', 'random', 'Picker', 2, 'every backend is picked equally often'],
    ['round-robin', 'Round robin', 'round-robin', 'Picker', 4, 'turns stay exact while backends come and go'],
    [
      'smooth-weighted-round-robin',
      'Smooth weighted round robin',
      'smooth-weighted',
      'Picker',
      4,
      'shares follow weights, spread evenly over time',
    ],
    [
      'least-connections',
      'Least connections',
      'least-connections',
      'Picker',
      5,
      'never a backend with more in flight than the least',
    ],
    [
      'weighted-least-connections',
      'Weighted least connections',
      'weighted',
      'Picker',
      5,
      'in flight stays in proportion to weight',
    ],
    [
      'power-of-two-choices',
      'Power of two choices',
      'power-of-two',
      'Picker',
      6,
      'two random candidates, the less busy one wins',
    ],
    ['peak-ewma', 'Peak EWMA', 'peak-ewma', 'Picker', 7, 'traffic leaves a backend that turns slow and comes back'],
    ['least-bandwidth', 'Least bandwidth', 'least-bandwidth', 'Picker', 7, 'bytes even out when sizes differ'],
  ]),
  ...group('Hashing', [
    [
      'hash-and-remap',
      'Hash and remap',
      'remap',
      'Picker',
      8,
      'a key keeps its backend, and you measure what a change costs',
    ],
    ['ring-hash', 'Ring hash', 'ring', 'Picker', 8, 'a membership change moves few keys'],
    ['maglev-table', 'Maglev table', 'maglev', 'Picker', 8, 'a full lookup table with little disruption'],
    [
      'bounded-load-hash',
      'Bounded-load hash',
      'bounded',
      'Picker',
      8,
      'no backend far above the mean, affinity below that',
    ],
  ]),
  ...group('Staying healthy', [
    [
      'health-hysteresis',
      'Health hysteresis',
      'hysteresis',
      'HealthPolicy',
      9,
      'fall and rise counted in a row, no flapping',
    ],
    [
      'outlier-detection',
      'Outlier detection',
      'outliers',
      'HealthPolicy',
      10,
      'the odd one out is ejected, never the fleet',
    ],
    ['panic-threshold', 'Panic threshold', 'panic', 'HealthPolicy', 10, 'when too few are healthy, everyone serves'],
    ['slow-start', 'Slow start', 'slow-start', 'Picker', 11, 'a returning backend ramps up'],
  ]),
  ...group('Changing', [
    ['drain', 'Drain', 'drain', 'Lifecycle', 11, 'a rolling deploy loses no request'],
    ['retry-budget', 'Retry budget', 'retry-budget', 'RetryPolicy', 12, 'retries never multiply the load'],
    ['token-bucket', 'Token bucket', 'token-bucket', 'AdmissionPolicy', 17, 'rate and burst are exact over any window'],
    [
      'circuit-breaker',
      'Circuit breaker',
      'breaker',
      'BreakerPolicy',
      12,
      'one trial request decides whether to close',
    ],
  ]),
  ...group('State and routing', [
    [
      'sticky-cookie',
      'Sticky cookie',
      'sticky-cookie',
      'AffinityPolicy',
      13,
      'a session stays, moves when it must, and cannot be forged',
    ],
    ['l7-router', 'Layer 7 router', 'l7-router', 'Router', 3, 'the most specific rule wins'],
  ]),
  ...group('The tier', [
    ['vrrp-election', 'VRRP election', 'vrrp-election', 'Elector', 14, 'one master, and only one'],
    ['ecmp-flow-table', 'ECMP flow table', 'ecmp-flow-table', 'FlowTable', 15, 'established flows survive churn'],
    ['geo-resolver', 'Geo resolver', 'geo-resolver', 'Resolver', 16, 'nearest healthy region with room'],
  ]),
  ...group('Capstone', [
    ['black-friday', 'Black Friday', 'black-friday', 'several', 20, 'a whole bad day inside its objectives'],
  ]),
].map((kata, index) => ({ ...kata, number: index + 1 }));

function group(name: string, rows: readonly Row[]) {
  return rows.map(([slug, title, short, policy, after, promise]) => ({
    slug,
    title,
    short,
    group: name,
    policy,
    after,
    promise,
  }));
}
