/** Policy name -> factory. The only file that imports every policy; balancer and world are handed what it makes. */
import type { AdmissionPolicy, AffinityPolicy, HealthPolicy, Picker, Resolver, FlowTable } from './core/policy.ts';
import type { Scaler } from './core/scaler.ts';
import { consecutiveFailures } from './health/consecutive-failures.ts';
import { envoyCheck } from './health/envoy-check.ts';
import { failureAccrual } from './health/failure-accrual.ts';
import { haproxyCheck } from './health/haproxy-check.ts';
import { maxFails } from './health/max-fails.ts';
import { nginxMaxFails } from './health/nginx-max-fails.ts';
import { outlierDetection } from './health/outlier-detection.ts';
import { thresholds } from './health/thresholds.ts';
import { apacheByBusyness } from './pickers/apache-by-busyness.ts';
import { blockWeightedRoundRobin } from './pickers/block-weighted-round-robin.ts';
import { caddyLeastConnections } from './pickers/caddy-least-connections.ts';
import { caddyRandomChoose } from './pickers/caddy-random-choose.ts';
import { envoyLeastRequest } from './pickers/envoy-least-request.ts';
import { first } from './pickers/first.ts';
import { grpcRingHash } from './pickers/grpc-ring-hash.ts';
import { hashRing } from './pickers/hash-ring.ts';
import { haproxyConsistentHash } from './pickers/haproxy-consistent-hash.ts';
import { HAPROXY_FUNCTIONS } from './pickers/haproxy-key.ts';
import { haproxyMapHash } from './pickers/haproxy-map-hash.ts';
import { ketama } from './pickers/ketama.ts';
import { nginxHash } from './pickers/nginx-hash.ts';
import { nginxIpHash } from './pickers/nginx-ip-hash.ts';
import { ringHash, ringSizeProblem } from './pickers/ring-hash.ts';
import { LARGEST_RING } from './pickers/wide-ring.ts';
import { haproxyLeastConnections } from './pickers/haproxy-least-connections.ts';
import { caddyRoundRobin } from './pickers/caddy-round-robin.ts';
import { caddyWeightedRoundRobin } from './pickers/caddy-weighted-round-robin.ts';
import { clientSideWeightedRoundRobin } from './pickers/client-side-weighted-round-robin.ts';
import { earliestDeadlineFirst } from './pickers/earliest-deadline-first.ts';
import { haproxyRoundRobin } from './pickers/haproxy-round-robin.ts';
import { haproxyStaticRr } from './pickers/haproxy-static-rr.ts';
import { boundedLoad } from './pickers/bounded-load.ts';
import type { BoundedLoadOptions } from './pickers/bounded-load.ts';
import { deterministicAperture } from './pickers/deterministic-aperture.ts';
import { jumpHash } from './pickers/jump-hash.ts';
import { haproxyRandom } from './pickers/haproxy-random.ts';
import { ipvsLeastConnections, IPVS_SCHEDULERS } from './pickers/ipvs-least-connections.ts';
import { ipvsWeightedRoundRobin } from './pickers/ipvs-weighted-round-robin.ts';
import { leastBandwidth } from './pickers/least-bandwidth.ts';
import { leastConnections } from './pickers/least-connections.ts';
import { leastLoad } from './pickers/least-load.ts';
import { leastResponseTime } from './pickers/least-response-time.ts';
import { LOAD_METRICS } from './pickers/load/load-metrics.ts';
import { maglev } from './pickers/maglev.ts';
import { nginxLeastConnections } from './pickers/nginx-least-connections.ts';
import { nginxLeastTime } from './pickers/nginx-least-time.ts';
import { nginxRandomTwo } from './pickers/nginx-random-two.ts';
import { nginxRandom } from './pickers/nginx-random.ts';
import { peakEwma } from './pickers/peak-ewma.ts';
import { nginxRoundRobin } from './pickers/nginx-round-robin.ts';
import { powerOfTwoChoices } from './pickers/power-of-two-choices.ts';
import { prequal } from './pickers/prequal.ts';
import { random } from './pickers/random.ts';
import { rendezvous } from './pickers/rendezvous.ts';
import { roundRobin } from './pickers/round-robin.ts';
import { smoothWeightedRoundRobin } from './pickers/smooth-weighted-round-robin.ts';
import { traefikLeastTime } from './pickers/traefik-least-time.ts';
import { traefikPowerOfTwoChoices } from './pickers/traefik-power-of-two-choices.ts';
import { weightedLeastConnections } from './pickers/weighted-least-connections.ts';
import { staticStride } from './pickers/static-stride.ts';
import { traefikWeightedRoundRobin } from './pickers/traefik-weighted-round-robin.ts';
import { subset } from './pickers/subset.ts';
import type { SubsetOptions } from './pickers/subset.ts';
import { failoverPools } from './tier/failover-pools.ts';
import { geo } from './tier/geo.ts';
import { gslb } from './tier/gslb.ts';
import { latency } from './tier/latency.ts';
import { pickedFlows } from './tier/picked-flows.ts';
import { privateHash } from './tier/private-hash.ts';
import { randomFlows } from './tier/random-flows.ts';
import { rememberedFlows } from './tier/remembered-flows.ts';
import type { RememberedFlowsOptions } from './tier/remembered-flows.ts';
import { roundRobinDns } from './tier/round-robin-dns.ts';
import { targetTracking } from './tier/target-tracking.ts';
import { weighted } from './tier/weighted.ts';
import { adaptiveThrottling } from './traffic/adaptive-throttling.ts';
import { concurrencyLimit } from './traffic/concurrency-limit.ts';
import { COOKIE_FORMS } from './traffic/cookie-forms.ts';
import { fixedWindow } from './traffic/fixed-window.ts';
import { insertedCookie } from './traffic/inserted-cookie.ts';
import { intervalTokenBucket } from './traffic/interval-token-bucket.ts';
import { leakyBucket } from './traffic/leaky-bucket.ts';
import { preferLast } from './traffic/prefer-last.ts';
import { KEYS } from './traffic/request-key.ts';
import { sessionTable } from './traffic/session-table.ts';
import type { SessionTableOptions } from './traffic/session-table.ts';
import { signedCookie } from './traffic/signed-cookie.ts';
import { slidingWindowCounter } from './traffic/sliding-window-counter.ts';
import { slidingWindowLog } from './traffic/sliding-window-log.ts';
import { tokenBucket } from './traffic/token-bucket.ts';
import type { OptionKinds } from './world/option-problems.ts';

export interface Entry<Policy> {
  /** Options were checked against `options` before; any may be left out. */
  readonly make: (options: never) => Policy;
  readonly options: OptionKinds;
  /** What is wrong with options that are right one by one, and how to mend it. */
  readonly together?: (options: never) => string | undefined;
}

const WINDOW: OptionKinds = { decayUs: 'duration', defaultUs: 'duration' };
const METRIC: OptionKinds = { metric: Object.keys(LOAD_METRICS), ...WINDOW };

const HAPROXY_HASH: OptionKinds = { key: 'request-key', function: HAPROXY_FUNCTIONS, avalanche: 'flag' };
const RING: OptionKinds = { key: 'request-key', minimumRingSize: 'ring-size', maximumRingSize: 'ring-size' };

interface RingSizes {
  readonly minimumRingSize?: number;
  readonly maximumRingSize?: number;
}

/** What bounded loads can be put around. */
const BOUNDABLE = {
  maglev,
  'jump-hash': jumpHash,
  rendezvous,
  ketama,
  'ring-hash': ringHash,
  'grpc-ring-hash': grpcRingHash,
};

export const PICKERS: Readonly<Record<string, Entry<Picker>>> = {
  random: { make: () => random(), options: {} },
  'round-robin': { make: () => roundRobin(), options: {} },
  'block-weighted-round-robin': { make: () => blockWeightedRoundRobin(), options: {} },
  'smooth-weighted-round-robin': { make: () => smoothWeightedRoundRobin(), options: {} },
  'nginx-round-robin': {
    make: nginxRoundRobin,
    options: { maxFails: 'number', failTimeoutUs: 'duration', failStatus: 'count' },
  },
  'haproxy-round-robin': { make: () => haproxyRoundRobin(), options: {} },
  'haproxy-static-rr': { make: () => haproxyStaticRr(), options: {} },
  'earliest-deadline-first': { make: earliestDeadlineFirst, options: { start: ['random', 'first'] } },
  'traefik-weighted-round-robin': { make: traefikWeightedRoundRobin, options: { nested: 'flag' } },
  'static-stride': { make: staticStride, options: { form: ['cpp', 'go'] } },
  'client-side-weighted-round-robin': {
    make: clientSideWeightedRoundRobin,
    options: {
      form: ['cpp', 'go'],
      blackoutUs: 'duration',
      expirationUs: 'duration',
      updateUs: 'duration',
      errorPenalty: 'number',
    },
  },
  'ipvs-weighted-round-robin': { make: () => ipvsWeightedRoundRobin(), options: {} },
  'caddy-round-robin': { make: () => caddyRoundRobin(), options: {} },
  'caddy-weighted-round-robin': { make: () => caddyWeightedRoundRobin(), options: {} },
  'least-connections': { make: () => leastConnections(), options: {} },
  'power-of-two-choices': {
    make: powerOfTwoChoices,
    options: { choices: 'count', sampling: ['distinct', 'repeated'], weighted: 'flag', ...METRIC },
  },
  'traefik-power-of-two-choices': { make: () => traefikPowerOfTwoChoices(), options: {} },
  'weighted-least-connections': { make: () => weightedLeastConnections(), options: {} },
  'nginx-least-connections': { make: () => nginxLeastConnections(), options: {} },
  'haproxy-least-connections': { make: () => haproxyLeastConnections(), options: {} },
  'apache-by-busyness': { make: () => apacheByBusyness(), options: {} },
  'ipvs-least-connections': {
    make: ipvsLeastConnections,
    options: { scheduler: IPVS_SCHEDULERS, ties: ['first', 'random'] },
  },
  'caddy-least-connections': { make: () => caddyLeastConnections(), options: {} },
  'caddy-random-choose': { make: caddyRandomChoose, options: { choices: 'count', keepsBusier: 'flag' } },
  'envoy-least-request': { make: envoyLeastRequest, options: { choices: 'count', bias: 'number', fullScan: 'flag' } },
  'nginx-random': { make: () => nginxRandom(), options: {} },
  'nginx-random-two': { make: () => nginxRandomTwo(), options: {} },
  'haproxy-random': { make: haproxyRandom, options: { draws: 'count' } },
  first: { make: () => first(), options: {} },
  'least-load': { make: leastLoad, options: METRIC },
  'least-response-time': { make: leastResponseTime, options: WINDOW },
  'least-bandwidth': { make: leastBandwidth, options: { decayUs: 'duration' } },
  'nginx-least-time': { make: nginxLeastTime, options: { idleUs: 'duration' } },
  'traefik-least-time': { make: () => traefikLeastTime(), options: {} },
  'peak-ewma': { make: peakEwma, options: WINDOW },
  prequal: {
    make: prequal,
    options: {
      poolSize: 'count',
      maxAgeUs: 'duration',
      probesPerRequest: 'number',
      removalsPerRequest: 'number',
      quantile: 'fraction',
      delta: 'number',
    },
  },
  'nginx-hash': { make: nginxHash, options: { key: 'request-key' } },
  'nginx-ip-hash': { make: () => nginxIpHash(), options: {} },
  ketama: { make: ketama, options: { key: 'request-key' } },
  'haproxy-map-hash': { make: haproxyMapHash, options: HAPROXY_HASH },
  'haproxy-consistent-hash': {
    make: haproxyConsistentHash,
    options: { ...HAPROXY_HASH, balanceFactor: 'per-cent-above-100' },
  },
  'ring-hash': {
    make: ringHash,
    options: { ...RING, function: ['xxh64', 'murmur2'] },
    together: ({ minimumRingSize = 1, maximumRingSize = LARGEST_RING }: RingSizes) =>
      ringSizeProblem(minimumRingSize, maximumRingSize),
  },
  'grpc-ring-hash': {
    make: grpcRingHash,
    options: RING,
    together: ({ minimumRingSize = 1, maximumRingSize = 4096 }: RingSizes) =>
      ringSizeProblem(minimumRingSize, maximumRingSize),
  },
  'hash-ring': { make: hashRing, options: { key: 'request-key', points: 'count', factor: 'per-cent-above-100' } },
  'jump-hash': { make: jumpHash, options: { key: 'request-key' } },
  maglev: {
    make: maglev,
    options: {
      key: 'request-key',
      form: ['envoy', 'paper', 'katran-v1', 'katran-v2', 'cilium'],
      tableSize: 'prime',
    },
  },
  rendezvous: {
    make: rendezvous,
    options: { key: 'request-key', form: ['weighted', 'caddy', 'caddy-2023', 'traefik'] },
  },
  'bounded-load': {
    make: (options: BoundedLoadOptions & { over?: keyof typeof BOUNDABLE }) =>
      boundedLoad(BOUNDABLE[options.over ?? 'maglev'](options), options),
    options: { over: Object.keys(BOUNDABLE), ...RING, factor: 'count', tableSize: 'prime' },
    together: ({ over, minimumRingSize = 1, maximumRingSize }: RingSizes & { over?: keyof typeof BOUNDABLE }) =>
      ringSizeProblem(minimumRingSize, maximumRingSize ?? (over === 'grpc-ring-hash' ? 4096 : LARGEST_RING)),
  },
  'deterministic-aperture': {
    make: deterministicAperture,
    options: { instance: 'number', instances: 'count', aperture: 'count' },
  },
  subset: {
    make: (options: SubsetOptions) => subset(powerOfTwoChoices(), options),
    options: { form: ['random', 'deterministic'], size: 'count', client: 'number' },
  },
};

export const HEALTH: Readonly<Record<string, Entry<HealthPolicy>>> = {
  thresholds: { make: thresholds, options: { fall: 'count', rise: 'count' } },
  'haproxy-check': {
    make: haproxyCheck,
    options: {
      fall: 'count',
      rise: 'count',
      observe: ['none', 'layer4', 'layer7'],
      errorLimit: 'count',
      onError: ['fastinter', 'fail-check', 'sudden-death', 'mark-down'],
    },
  },
  'envoy-check': { make: envoyCheck, options: { fall: 'count', rise: 'count', retriable: 'flag' } },
  'max-fails': {
    make: maxFails,
    options: { fails: 'count', windowUs: 'duration', outUs: 'duration' },
  },
  'nginx-max-fails': {
    make: nginxMaxFails,
    options: { maxFails: 'number', failTimeoutUs: 'duration', failures: 'text' },
  },
  'outlier-detection': {
    make: outlierDetection,
    options: {
      form: ['envoy', 'grpc'],
      intervalUs: 'duration',
      baseEjectionUs: 'duration',
      maxEjectionUs: 'duration',
      maxJitterUs: 'number',
      maxEjectionPercent: 'number',
      alwaysEjectOne: 'flag',
      consecutive5xx: 'count',
      enforcing5xx: 'number',
      consecutiveGateway: 'count',
      enforcingGateway: 'number',
      splitLocalOrigin: 'flag',
      consecutiveLocalOrigin: 'count',
      enforcingLocalOrigin: 'number',
      successRateMinimumHosts: 'count',
      successRateVolume: 'count',
      successRateFactor: 'number',
      enforcingSuccessRate: 'number',
      failurePercentage: 'number',
      failureMargin: 'number',
      failureMinimumHosts: 'count',
      failureVolume: 'count',
      enforcingFailurePercentage: 'number',
      latencyFactor: 'number',
    },
  },
  'consecutive-failures': {
    make: consecutiveFailures,
    options: { maxFailures: 'count', minPenaltyUs: 'duration', maxPenaltyUs: 'duration', jitterRatio: 'fraction' },
  },
  'failure-accrual': {
    make: failureAccrual,
    options: {
      consecutive: 'count',
      successRate: 'fraction',
      windowUs: 'duration',
      minimumRequests: 'count',
      startUs: 'duration',
      maxUs: 'duration',
    },
  },
};

/** What every limit by key may be told. */
const KEYED = { by: KEYS, name: 'text', keys: 'count' } as const;
const WINDOWED = { ...KEYED, limit: 'count', windowUs: 'duration' } as const;

export const LIMITS: Readonly<Record<string, Entry<AdmissionPolicy>>> = {
  'token-bucket': { make: tokenBucket, options: { ...KEYED, rateRps: 'number', burst: 'count' } },
  'interval-token-bucket': {
    make: intervalTokenBucket,
    options: { ...KEYED, maxTokens: 'count', tokensPerFill: 'count', fillIntervalUs: 'duration' },
  },
  'leaky-bucket': {
    make: leakyBucket,
    options: { ...KEYED, rateRps: 'number', burst: 'number', delay: 'number', noDelay: 'flag' },
  },
  'fixed-window': { make: fixedWindow, options: WINDOWED },
  'sliding-window-log': { make: slidingWindowLog, options: WINDOWED },
  'sliding-window-counter': { make: slidingWindowCounter, options: { ...WINDOWED, countRefused: 'flag' } },
  'concurrency-limit': { make: concurrencyLimit, options: { by: KEYS, name: 'text', limit: 'count' } },
  'adaptive-throttling': { make: adaptiveThrottling, options: { k: 'number', windowUs: 'duration' } },
};

export const AFFINITY: Readonly<Record<string, Entry<AffinityPolicy>>> = {
  'inserted-cookie': {
    make: insertedCookie,
    options: { cookie: 'text', form: COOKIE_FORMS, secret: 'text', maxAgeUs: 'duration', insist: 'flag' },
  },
  'signed-cookie': {
    make: signedCookie,
    options: { cookie: 'text', secret: 'text', maxAgeUs: 'duration', renew: 'flag' },
  },
  'session-table': {
    make: sessionTable,
    options: {
      by: ['address', 'header', 'query', 'cookie'],
      name: 'text',
      size: 'count',
      expireUs: 'duration',
    },
  },
  'learned-cookie': {
    make: (options: SessionTableOptions) => sessionTable({ name: 'JSESSIONID', ...options, learn: true, by: 'cookie' }),
    options: { name: 'text', size: 'count', expireUs: 'duration' },
  },
  'prefer-last': { make: preferLast, options: { size: 'count' } },
};

/** How an authoritative name server answers. */
/** Of flows. */
const flowKey = 'source-and-port';

export const FLOW_TABLES: Readonly<Record<string, Entry<FlowTable>>> = {
  'private-hash': { make: () => privateHash(), options: {} },
  maglev: {
    make: ({ tableSize }: { tableSize?: number }) =>
      pickedFlows(maglev({ key: flowKey, ...(tableSize !== undefined && { tableSize }) })),
    options: { tableSize: 'prime' },
  },
  'connection-table': {
    make: (options: RememberedFlowsOptions) => rememberedFlows(randomFlows(), options, true),
    options: { limit: 'count', idleUs: 'duration' },
  },
  'maglev-with-table': {
    make: ({ tableSize, ...options }: RememberedFlowsOptions & { tableSize?: number }) =>
      rememberedFlows(
        pickedFlows(maglev({ key: flowKey, ...(tableSize !== undefined && { tableSize }) })),
        options,
        false,
      ),
    options: { tableSize: 'prime', limit: 'count', idleUs: 'duration' },
  },
};

export const RESOLVERS: Readonly<Record<string, Entry<Resolver>>> = {
  'round-robin-dns': { make: roundRobinDns, options: { ttlUs: 'duration', answers: 'count' } },
  geo: { make: geo, options: { ttlUs: 'duration', answers: 'count' } },
  latency: { make: latency, options: { ttlUs: 'duration', slackUs: 'number' } },
  weighted: { make: weighted, options: { ttlUs: 'duration', weights: 'weights' } },
  gslb: { make: gslb, options: { ttlUs: 'duration', spillFrom: 'fraction' } },
  'failover-pools': { make: failoverPools, options: { ttlUs: 'duration', pools: 'groups' } },
};

/** How many members a pool should have. */
export const SCALERS: Readonly<Record<string, Entry<Scaler>>> = {
  'target-tracking': {
    make: targetTracking,
    options: { target: 'number', tolerance: 'fraction', stabiliseUs: 'number' },
  },
};

export const pickerNames: readonly string[] = Object.keys(PICKERS);
export const healthNames: readonly string[] = Object.keys(HEALTH);
