/** Policy name -> factory. The only file that imports every policy; balancer and world are handed what it makes. */
import type {
  AdmissionPolicy,
  AffinityPolicy,
  HealthPolicy,
  Picker,
  Policies,
  PolicyMaker,
  PoolPolicies,
  Router,
} from './core/policy.ts';
import { consecutiveFailures } from './health/consecutive-failures.ts';
import { envoyCheck } from './health/envoy-check.ts';
import { failureAccrual } from './health/failure-accrual.ts';
import { haproxyAgent } from './health/haproxy-agent.ts';
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
import { circuitBreaker } from './traffic/circuit-breaker.ts';
import { concurrentRetryBudget } from './traffic/concurrent-retry-budget.ts';
import { hedging } from './traffic/hedging.ts';
import { adaptiveThrottling } from './traffic/adaptive-throttling.ts';
import { allLimits } from './traffic/all-limits.ts';
import { concurrencyLimit } from './traffic/concurrency-limit.ts';
import { COOKIE_FORMS } from './traffic/cookie-forms.ts';
import { fixedWindow } from './traffic/fixed-window.ts';
import { insertedCookie } from './traffic/inserted-cookie.ts';
import { intervalTokenBucket } from './traffic/interval-token-bucket.ts';
import { leakyBucket } from './traffic/leaky-bucket.ts';
import { PatternError, pathPattern } from './traffic/path-pattern.ts';
import { pathRouter } from './traffic/path-router.ts';
import { preferLast } from './traffic/prefer-last.ts';
import { KEYS } from './traffic/request-key.ts';
import { ruleRouter } from './traffic/rule-router.ts';
import { sessionTable } from './traffic/session-table.ts';
import type { SessionTableOptions } from './traffic/session-table.ts';
import { signedCookie } from './traffic/signed-cookie.ts';
import { slidingWindowCounter } from './traffic/sliding-window-counter.ts';
import { slidingWindowLog } from './traffic/sliding-window-log.ts';
import { tokenBucket } from './traffic/token-bucket.ts';
import { retries } from './traffic/retries.ts';
import type { RetryBudget } from './traffic/retry-budget.ts';
import { retryThrottle } from './traffic/retry-throttle.ts';
import { slotRetryBudget } from './traffic/slot-retry-budget.ts';
import { tokenWindowBudget } from './traffic/token-window-budget.ts';
import { choose, optionProblems } from './world/option-problems.ts';
import type { OptionKinds } from './world/option-problems.ts';
import { ScenarioError } from './world/scenario-error.ts';
import type { Problem } from './world/scenario-error.ts';
import type { Scenario } from './world/scenario.ts';

type PoolSpec = Scenario['pools'][number];
type PolicySpec = PoolSpec['picker'];
type Options = Readonly<Record<string, unknown>>;

interface Entry<Policy> {
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

const PICKERS: Readonly<Record<string, Entry<Picker>>> = {
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

const HEALTH: Readonly<Record<string, Entry<HealthPolicy>>> = {
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

const LIMITS: Readonly<Record<string, Entry<AdmissionPolicy>>> = {
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

const AFFINITY: Readonly<Record<string, Entry<AffinityPolicy>>> = {
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

export const pickerNames: readonly string[] = Object.keys(PICKERS);
export const healthNames: readonly string[] = Object.keys(HEALTH);

/**
 * Fresh policies, as the scenario names them. Requests that no route matches go to the first pool.
 * Throws a ScenarioError for an unknown name or option; a scenario that went through parseScenario has none.
 */
export function policiesFor(scenario: Scenario): Policies {
  const problems = policyProblems(scenario);
  if (problems.length > 0) throw new ScenarioError(scenario.name, problems);
  const pools = new Map(scenario.pools.map((pool) => [pool.id, poolPolicies(pool)]));
  const { rateLimits, routes } = scenario.balancer;
  const limited = routes.flatMap(({ rateLimits: own }, at) =>
    own.length > 0 ? [[routeName(routes, at), limitsOf(own)] as const] : [],
  );
  const router = routes.length > 0 ? routerFor(scenario) : undefined;
  return {
    pools,
    ...(router && { router }),
    ...(rateLimits.length > 0 && { admission: limitsOf(rateLimits) }),
    ...(limited.length > 0 && { routes: new Map(limited) }),
    make: makerBeside(router),
  };
}

type Route = Scenario['balancer']['routes'][number];

/** Prefixes alone need no more than the router by prefix. Without listeners, who gets no route goes to the first pool. */
function routerFor({ balancer: { listeners, routes }, pools }: Scenario): Router {
  const catchAll = listeners.length === 0 ? [{ pathPrefix: '/', pool: pools[0]!.id }] : [];
  const byPrefix = routes.flatMap((route) => {
    const { pathPrefix, pool, rateLimits, ...others } = route;
    const plain = rateLimits.length === 0 && Object.values(others).every((value) => value === undefined);
    return plain && pathPrefix !== undefined && pool !== undefined ? [{ pathPrefix, pool }] : [];
  });
  if (byPrefix.length === routes.length) return pathRouter([...byPrefix, ...catchAll]);
  const named = routes.map((route, at) =>
    route.rateLimits.length > 0 ? { ...route, id: routeName(routes, at) } : route,
  );
  return ruleRouter([...named, ...catchAll.map(({ pool }) => ({ pool }))]);
}

function routeName(routes: readonly Route[], at: number): string {
  return routes[at]!.id ?? `#${at}`;
}

function limitsOf(specs: readonly PolicySpec[]): AdmissionPolicy {
  return allLimits(specs.map((spec) => make(LIMITS, spec)));
}

/** What an operator adds comes before the router that is there. */
function makerBeside(router: Router | undefined): PolicyMaker {
  return {
    picker: (name) => make(PICKERS, { name, options: {} }),
    router: (matches) => {
      const first = ruleRouter(matches);
      return { route: (request, ctx) => first.route(request, ctx) ?? router?.route(request, ctx) };
    },
    affinity: (rule) => insertedCookie({ cookie: `ballast-${rule}` }),
    health: (fall, rise) => thresholds({ fall, rise }),
  };
}

function poolPolicies(spec: PoolSpec): PoolPolicies {
  const { picker, health, outlier, agent, retry, hedge, breaker, affinity, rateLimits } = spec;
  const behindPick = rateLimits.filter(({ options }) => options.by === 'backend');
  const beforePick = rateLimits.filter((limit) => !behindPick.includes(limit));
  return {
    picker: make(PICKERS, picker),
    makePicker: () => make(PICKERS, picker),
    ...(health && { health: make(HEALTH, health.policy) }),
    ...(outlier && { outlier: make(HEALTH, outlier) }),
    ...(retry && { retry: retries({ ...retry, budget: retry.budget && budgetOf(retry.budget) }) }),
    ...(hedge && { hedge: hedging(hedge) }),
    ...(breaker && { breaker: circuitBreaker(breaker) }),
    ...(agent && { agent: haproxyAgent() }),
    ...(affinity && { affinity: make(AFFINITY, affinity) }),
    ...(beforePick.length > 0 && { admission: limitsOf(beforePick) }),
    ...(behindPick.length > 0 && { backendAdmission: limitsOf(behindPick) }),
  };
}

function budgetOf(budget: NonNullable<NonNullable<PoolSpec['retry']>['budget']>): RetryBudget {
  switch (budget.kind) {
    case 'concurrent':
      return concurrentRetryBudget(budget);
    case 'token-window':
      return tokenWindowBudget(budget);
    case 'slots':
      return slotRetryBudget(budget);
    case 'throttle':
      return retryThrottle(budget);
  }
}

function make<Policy>(
  entries: Readonly<Record<string, Entry<Policy>>>,
  { name, options }: { name: string; options: Options },
): Policy {
  return entries[name]!.make(options as never);
}

/** What is wrong with the policies a scenario names. */
export function policyProblems(scenario: Scenario): Problem[] {
  const ofPools = scenario.pools.flatMap(({ picker, health, outlier, affinity, rateLimits }, index) => {
    const field = `pools[${index}]`;
    return [
      ...entryProblems('picker', PICKERS, picker, `${field}.picker`),
      ...(health ? entryProblems('health policy', HEALTH, health.policy, `${field}.health.policy`) : []),
      ...(outlier ? entryProblems('health policy', HEALTH, outlier, `${field}.outlier`) : []),
      ...(affinity ? entryProblems('affinity policy', AFFINITY, affinity, `${field}.affinity`) : []),
      ...rateLimits.flatMap((limit, at) => limitProblems(limit, `${field}.rateLimits[${at}]`, true)),
    ];
  });
  const { rateLimits, routes } = scenario.balancer;
  return [
    ...ofPools,
    ...rateLimits.flatMap((limit, at) => limitProblems(limit, `balancer.rateLimits[${at}]`, false)),
    ...routes.flatMap((route, index) => [
      ...route.rateLimits.flatMap((limit, at) =>
        limitProblems(limit, `balancer.routes[${index}].rateLimits[${at}]`, false),
      ),
      ...patternProblems(route.pathPattern, `balancer.routes[${index}].pathPattern`),
    ]),
  ];
}

function limitProblems(limit: PolicySpec, field: string, inPool: boolean): Problem[] {
  const problems = entryProblems('limit', LIMITS, limit, field);
  if (problems.length > 0 || limit.options.by !== 'backend') return problems;
  const found = '"backend"';
  if (!inPool) {
    const mend = 'Move the limit to the pool, or count by something else.';
    return [{ field: `${field}.options.by`, found, expected: 'a key that is known before the pick', mend }];
  }
  if (limit.name !== 'leaky-bucket' || limit.options.noDelay === true) return [];
  const mend = 'Set noDelay to true.';
  return [
    { field: `${field}.options.by`, found: `${found} with a delay`, expected: 'no waiting behind the pick', mend },
  ];
}

function patternProblems(pattern: string | undefined, field: string): Problem[] {
  if (pattern === undefined) return [];
  try {
    pathPattern(pattern);
    return [];
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const mend = `Mend it: ${error.message}.`;
    return [{ field, found: JSON.stringify(pattern), expected: 'a regular expression of the simple kind', mend }];
  }
}

function entryProblems(
  what: string,
  entries: Readonly<Record<string, Entry<unknown>>>,
  { name, options }: { name: string; options: Options },
  field: string,
): Problem[] {
  if (!Object.hasOwn(entries, name)) {
    const known = Object.keys(entries);
    return [
      {
        field: `${field}.name`,
        found: `"${name}"`,
        expected: `the name of ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`,
        mend: choose(name, known, `There are`),
      },
    ];
  }
  const { options: kinds, together } = entries[name]!;
  const problems = optionProblems(name, kinds, options, field);
  const mend = problems.length === 0 ? together?.(options as never) : undefined;
  if (mend === undefined) return problems;
  return [{ field: `${field}.options`, found: JSON.stringify(options), expected: 'options that fit together', mend }];
}
