/** The plan of the katas: twenty-six, in order, in seven groups. Which of them are written, `course-map.ts` knows. */
export interface PlannedKata {
  readonly number: number;
  /** The name of its folder in katas/ and the last step of its address. */
  readonly slug: string;
  readonly title: string;
  /** As it stands in the course map, where there is little room. */
  readonly short: string;
  readonly group: string;
  /** What must hold, in one line. */
  readonly promise: string;
}

export const kataList: readonly PlannedKata[] = [
  ...group('Choosing', [
    ['random', 'Random', 'random', 'every backend is picked equally often'],
    ['round-robin', 'Round robin', 'round-robin', 'turns stay exact while backends come and go'],
    [
      'smooth-weighted-round-robin',
      'Smooth weighted round robin',
      'smooth-weighted',
      'shares follow weights, spread evenly over time',
    ],
    [
      'least-connections',
      'Least connections',
      'least-connections',
      'never a backend with more in flight than the least',
    ],
    ['weighted-least-connections', 'Weighted least connections', 'weighted', 'in flight stays in proportion to weight'],
    ['power-of-two-choices', 'Power of two choices', 'power-of-two', 'two random candidates, the less busy one wins'],
    ['peak-ewma', 'Peak EWMA', 'peak-ewma', 'traffic leaves a backend that turns slow and comes back'],
    ['least-bandwidth', 'Least bandwidth', 'least-bandwidth', 'bytes even out when sizes differ'],
  ]),
  ...group('Hashing', [
    ['hash-and-remap', 'Hash and remap', 'remap', 'a key keeps its backend, and you measure what a change costs'],
    ['ring-hash', 'Ring hash', 'ring', 'a membership change moves few keys'],
    ['maglev-table', 'Maglev table', 'maglev', 'a full lookup table with little disruption'],
    ['bounded-load-hash', 'Bounded-load hash', 'bounded', 'no backend far above the mean, affinity below that'],
  ]),
  ...group('Staying healthy', [
    ['health-hysteresis', 'Health hysteresis', 'hysteresis', 'fall and rise counted in a row, no flapping'],
    ['outlier-detection', 'Outlier detection', 'outliers', 'the odd one out is ejected, never the fleet'],
    ['panic-threshold', 'Panic threshold', 'panic', 'when too few are healthy, everyone serves'],
    ['slow-start', 'Slow start', 'slow-start', 'a returning backend ramps up'],
  ]),
  ...group('Changing', [
    ['drain', 'Drain', 'drain', 'a rolling deploy loses no request'],
    ['retry-budget', 'Retry budget', 'retry-budget', 'retries never multiply the load'],
    ['token-bucket', 'Token bucket', 'token-bucket', 'rate and burst are exact over any window'],
    ['circuit-breaker', 'Circuit breaker', 'breaker', 'one trial request decides whether to close'],
  ]),
  ...group('State and routing', [
    ['sticky-cookie', 'Sticky cookie', 'sticky-cookie', 'a session stays, moves when it must, and cannot be forged'],
    ['l7-router', 'Layer 7 router', 'l7-router', 'the most specific rule wins'],
  ]),
  ...group('The tier', [
    ['vrrp-election', 'VRRP election', 'vrrp-election', 'one master, and only one'],
    ['ecmp-flow-table', 'ECMP flow table', 'ecmp-flow-table', 'established flows survive churn'],
    ['geo-resolver', 'Geo resolver', 'geo-resolver', 'nearest healthy region with room'],
  ]),
  ...group('Capstone', [['black-friday', 'Black Friday', 'black-friday', 'a whole bad day inside its objectives']]),
].map((kata, index) => ({ ...kata, number: index + 1 }));

function group(
  name: string,
  katas: readonly (readonly [slug: string, title: string, short: string, promise: string])[],
) {
  return katas.map(([slug, title, short, promise]) => ({ slug, title, short, group: name, promise }));
}
