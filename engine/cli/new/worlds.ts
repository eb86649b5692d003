/** The world a new kata starts from: one in which a policy of its kind decides, at any rate of requests. */
import type { PolicyKind } from '../../grade/policy-kinds.ts';

type Json = Readonly<Record<string, unknown>>;

const SECOND_US = 1_000_000;
const DURATION_US = 6 * SECOND_US;

/** Where a kind differs from the plainest of worlds. */
interface Part {
  readonly client?: Json;
  readonly balancer?: Json;
  readonly pool?: Json;
  readonly pools?: readonly string[];
  readonly tier?: Json;
  readonly backend?: (index: number) => Json;
  readonly timeline?: readonly Json[];
}

const failing = (share: number): Json => ({ do: 'fail', atUs: SECOND_US, backend: 's2', share });
const REGIONS = ['eu', 'us', 'asia'];

const PARTS: { readonly [K in PolicyKind]: Part } = {
  picker: {},
  health: {
    pool: {
      health: {
        intervalUs: 200_000,
        timeoutUs: 100_000,
        policy: { name: 'thresholds', options: { fall: 3, rise: 2 } },
      },
    },
    timeline: [
      { do: 'crash', atUs: SECOND_US, backend: 's2' },
      { do: 'recover', atUs: 4 * SECOND_US, backend: 's2' },
    ],
  },
  outlier: {
    pool: {
      outlier: {
        name: 'outlier-detection',
        options: { consecutive5xx: 3, maxEjectionPercent: 50, baseEjectionUs: 60 * SECOND_US, enforcingSuccessRate: 0 },
      },
    },
    timeline: [failing(1)],
  },
  agent: {
    pool: { agent: { intervalUs: 200_000, timeoutUs: 100_000 } },
    timeline: [{ do: 'agent-says', atUs: SECOND_US, backend: 's2', reply: 'down' }, failing(1)],
  },
  retry: {
    pool: { retry: { retries: 2, on: ['5xx'] } },
    timeline: [failing(0.8)],
  },
  hedge: {
    pool: { hedge: { delayUs: 60_000 } },
    timeline: [{ do: 'slow', atUs: SECOND_US, backend: 's2', factor: 50 }],
  },
  admission: {
    balancer: { rateLimits: [{ name: 'token-bucket', options: { rateRps: 10, burst: 2 } }] },
  },
  breaker: {
    pool: { breaker: { windowUs: SECOND_US, minimum: 1, failureShare: 0.001, openUs: 500_000 } },
    timeline: [failing(1)],
  },
  router: {
    client: { requests: [{ path: '/' }, { name: 'order', path: '/api/orders' }] },
    balancer: {
      routes: [
        { pathPrefix: '/api', pool: 'api' },
        { pathPrefix: '/', pool: 'web' },
      ],
    },
    pools: ['web', 'api'],
  },
  affinity: {
    client: { users: 10 },
    pool: { affinity: { name: 'inserted-cookie', options: { cookie: 'SID' } } },
  },
  elector: {
    client: { timeoutUs: 2 * SECOND_US },
    tier: {
      nodes: [
        { id: 'lb1', priority: 200 },
        { id: 'lb2', priority: 100 },
      ],
      reach: { kind: 'virtual-ip', advertiseUs: 100_000 },
    },
    timeline: [{ do: 'kill-balancer', balancer: 'lb1', atUs: 3 * SECOND_US }],
  },
  flows: {
    client: { connections: 20 },
    balancer: { layer: 4, mode: 'dsr' },
    tier: { nodes: [{ id: 'lb', count: 3 }], reach: { kind: 'ecmp' }, flowTable: { name: 'connection-table' } },
    timeline: [{ do: 'disable', backend: 's4', atUs: 3 * SECOND_US }],
  },
  resolver: {
    client: { place: 'us', users: 200 },
    tier: {
      nodes: REGIONS.map((id) => ({ id, region: id, zone: id })),
      keepsRegion: true,
      distances: [
        { between: ['eu', 'us'], roundTripUs: 80_000 },
        { between: ['us', 'asia'], roundTripUs: 140_000 },
        { between: ['eu', 'asia'], roundTripUs: 200_000 },
      ],
      reach: {
        kind: 'dns',
        sites: 'region',
        policy: { name: 'latency', options: { ttlUs: 20 * SECOND_US } },
        resolvers: [{ id: 'isp', count: 50 }],
      },
    },
    backend: (index) => ({ region: REGIONS[index % 3]!, zone: REGIONS[index % 3]! }),
  },
};

/** A scenario with `rateRps` requests a second. */
export function worldFor(kind: PolicyKind, name: string, rateRps: number): Json {
  const part = PARTS[kind];
  return {
    version: 1,
    name,
    title: `${rateRps} requests a second`,
    shows: `Fill in: what happens in this world, and what a policy must do about it.`,
    durationUs: DURATION_US,
    clients: [{ id: 'web', arrivals: { kind: 'poisson', rateRps }, ...part.client }],
    ...(part.balancer && { balancer: part.balancer }),
    pools: (part.pools ?? ['web']).map((id, at) => pool(id, at, part)),
    ...(part.tier && { tier: part.tier }),
    ...(part.timeline && { timeline: part.timeline }),
  };
}

function pool(id: string, at: number, part: Part): Json {
  const backends = Array.from({ length: 4 }, (_, index) => ({
    id: `s${4 * at + index + 1}`,
    workers: 8,
    service: { default: { kind: 'exponential', meanUs: 20_000 } },
    ...part.backend?.(index),
  }));
  return { id, picker: { name: 'round-robin' }, ...part.pool, backends };
}
