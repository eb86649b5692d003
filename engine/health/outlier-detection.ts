/**
 * Outlier detection: backends that answer worse than they should are ejected for a while. At once, on a run of answers: `consecutive5xx` statuses of 500 and
 * above, `consecutiveGateway` of 502 to 504, and, where errors of the connection are counted apart (`splitLocalOrigin`), `consecutiveLocalOrigin` of
 * those; otherwise they count as 503, and a missing answer as 504. Each interval, on what all had in it: a success rate below mean - factor x standard
 * deviation, among at least so many backends with at least so many requests; a failure percentage of the threshold or more (Envoy) or above it (gRPC), and
 * by `failureMargin` points above the median's where that is given; or, where `latencyFactor` is given, a mean latency of more than that multiple of the median backend's.
 *
 * An ejection lasts base x n, up to the maximum and plus a random part of the jitter; n rises with each ejection and falls with each interval
 * the backend stays in. It ends at the first sweep after that. No more than `maxEjectionPercent` are out: Envoy asks whether one more would be too many, so pools
 * of less than 10 never eject with the default of 10 % unless `alwaysEjectOne`; gRPC asks whether there are enough already, so one always can be.
 * What is detected is enforced with the probability given in percent.
 *
 * Cost: O(1) a response, O(n) a sweep, twelve numbers a backend.
 *
 * Fails when: the pool is small (one dead backend of four cannot fall 1.9 deviations below the mean), traffic thin (nobody has the volume), or many are
 * bad at once (they are the norm then, and the cap holds).
 *
 * Source: Envoy, outlier detection of its architecture overview and source/common/upstream/outlier_detection_impl.cc; gRPC proposal A50. The margin and the latency rule are
 * neither's: no system of our reference documents one, and these are the plainest forms. With a margin the worst
 * are judged first, so that they go where the cap leaves no room for all; without it hosts are judged in their order.
 *
 * Real systems: gRPC has neither runs nor jitter, and defaults of its own only where the field is set; AWS's anomaly mitigation is unpublished.
 */
import { invariant } from '../core/invariant.ts';
import type { Backend, Context, Health, HealthPolicy, Outcome } from '../core/policy.ts';
import { successRateBounds } from './success-rates.ts';

const DEFAULTS = {
  form: 'envoy' as 'envoy' | 'grpc',
  intervalUs: 10_000_000,
  baseEjectionUs: 30_000_000,
  /** Raised to the base where it is less. */
  maxEjectionUs: 300_000_000,
  maxJitterUs: 0,
  maxEjectionPercent: 10,
  alwaysEjectOne: false,
  consecutive5xx: 5,
  enforcing5xx: 100,
  consecutiveGateway: 5,
  enforcingGateway: 0,
  splitLocalOrigin: false,
  consecutiveLocalOrigin: 5,
  enforcingLocalOrigin: 100,
  successRateMinimumHosts: 5,
  successRateVolume: 100,
  successRateFactor: 1.9,
  enforcingSuccessRate: 100,
  failurePercentage: 85,
  failureMinimumHosts: 5,
  failureVolume: 50,
  enforcingFailurePercentage: 0,
  /** So many points above the median's must a failure percentage be as well; 0: it is judged alone. */
  failureMargin: 0,
  /** 0: latency is not judged. */
  latencyFactor: 0,
};

export type OutlierDetectionOptions = Partial<Readonly<typeof DEFAULTS>>;
type Settings = Readonly<typeof DEFAULTS>;

interface Host {
  ejectedUs: number | undefined;
  lastsUs: number;
  multiplier: number;
  run5xx: number;
  runGateway: number;
  runLocal: number;
  // Since the last sweep:
  total: number;
  successes: number;
  latencyUs: number;
}

export function outlierDetection(options: OutlierDetectionOptions = {}): HealthPolicy {
  const settings: Settings = { ...DEFAULTS, ...options };
  validate(settings);
  const hosts = new Map<Backend, Host>();
  let size = 0;

  function hostOf(backend: Backend): Host {
    let host = hosts.get(backend);
    if (host === undefined) hosts.set(backend, (host = newHost()));
    return host;
  }

  function ejected(): number {
    let count = 0;
    for (const { ejectedUs } of hosts.values()) if (ejectedUs !== undefined) count += 1;
    return count;
  }

  /** May one more be ejected? */
  function hasRoom(): boolean {
    const { form, maxEjectionPercent, alwaysEjectOne } = settings;
    const now = ejected();
    if (form === 'grpc') return (100 * now) / size < maxEjectionPercent;
    return (now === 0 && alwaysEjectOne) || (100 * (now + 1)) / size <= maxEjectionPercent;
  }

  /** Ejects the host if it may. Answers whether it did. */
  function eject(host: Host, enforcing: number, ctx: Context): boolean {
    if (host.ejectedUs !== undefined || !hasRoom() || !enforced(enforcing, ctx)) return false;
    const { baseEjectionUs, maxJitterUs } = settings;
    const mostUs = Math.max(baseEjectionUs, settings.maxEjectionUs);
    if (host.multiplier * baseEjectionUs < mostUs) host.multiplier += 1;
    const jitterUs = maxJitterUs === 0 ? 0 : Math.floor(ctx.rng.float() * (maxJitterUs + 1));
    host.ejectedUs = ctx.nowUs;
    host.lastsUs = Math.min(baseEjectionUs * host.multiplier, mostUs) + jitterUs;
    return true;
  }

  /** Counts the answer in the runs. Answers whether one of them is full, and the host out for it. */
  function run(host: Host, outcome: Outcome, ctx: Context): boolean {
    const { splitLocalOrigin, consecutive5xx, consecutiveGateway, consecutiveLocalOrigin } = settings;
    const local = splitLocalOrigin && outcome.status === 0;
    if (splitLocalOrigin) {
      host.runLocal = local ? host.runLocal + 1 : 0;
      if (host.runLocal === consecutiveLocalOrigin) {
        host.runLocal = 0;
        return eject(host, settings.enforcingLocalOrigin, ctx);
      }
      if (local) return false;
    }
    const status = statusOf(outcome);
    host.run5xx = status >= 500 ? host.run5xx + 1 : 0;
    host.runGateway = status >= 502 && status <= 504 ? host.runGateway + 1 : 0;
    let out = false;
    if (host.runGateway === consecutiveGateway) {
      host.runGateway = 0;
      out = eject(host, settings.enforcingGateway, ctx);
    }
    if (host.run5xx === consecutive5xx) {
      host.run5xx = 0;
      out = eject(host, settings.enforcing5xx, ctx) || out;
    }
    return out;
  }

  function condemned(backends: readonly Backend[]): [Backend, enforcing: number][] {
    const all = backends.map((backend) => [backend, hostOf(backend)] as const);
    const {
      form,
      successRateMinimumHosts,
      successRateVolume,
      successRateFactor,
      failureVolume,
      failureMinimumHosts,
      failurePercentage,
      failureMargin,
      latencyFactor,
    } = settings;
    const found: [Backend, number][] = [];
    const withVolume = (volume: number) => all.filter(([, { total }]) => total > 0 && total >= volume);

    const rated = withVolume(successRateVolume);
    if (rated.length > 0 && rated.length >= successRateMinimumHosts) {
      const { threshold } = successRateBounds(
        rated.map(([, host]) => rateOf(host)),
        successRateFactor,
      );
      for (const [backend, host] of rated) {
        if (rateOf(host) < threshold) found.push([backend, settings.enforcingSuccessRate]);
      }
      if (latencyFactor > 0) {
        const limitUs = latencyFactor * median(rated.map(([, { latencyUs, total }]) => latencyUs / total));
        for (const [backend, { latencyUs, total }] of rated)
          if (latencyUs / total > limitUs) found.push([backend, 100]);
      }
    }
    const counted = withVolume(failureVolume);
    if (failureMargin > 0) counted.sort(([, a], [, b]) => rateOf(a) - rateOf(b));
    if (counted.length > 0 && counted.length >= failureMinimumHosts) {
      const usual = median(counted.map(([, host]) => 100 - rateOf(host)));
      for (const [backend, host] of counted) {
        const failed = (100 * (host.total - host.successes)) / host.total;
        const flagged = form === 'grpc' ? failed > failurePercentage : failed >= failurePercentage;
        if (flagged && (failureMargin === 0 || failed >= usual + failureMargin))
          found.push([backend, settings.enforcingFailurePercentage]);
      }
    }
    return found;
  }

  /** An interval is over for a host that was not ejected within it: it comes back if its time is up, or grows in trust. */
  function rest(host: Host, ctx: Context): boolean {
    if (host.ejectedUs === undefined) {
      host.multiplier = Math.max(0, host.multiplier - 1);
      return false;
    }
    const outUs = ctx.nowUs - host.ejectedUs;
    if (settings.form === 'grpc' ? outUs <= host.lastsUs : outUs < host.lastsUs) return false;
    host.ejectedUs = undefined;
    host.run5xx = host.runGateway = host.runLocal = 0;
    return true;
  }

  return {
    sweepEveryUs: settings.intervalUs,
    onPoolChange(backends) {
      size = backends.length;
      for (const backend of hosts.keys()) if (!backends.includes(backend)) hosts.delete(backend);
    },
    observe(backend, signal, ctx) {
      if (signal.kind !== 'response') return undefined;
      const { outcome } = signal;
      const host = hostOf(backend);
      host.total += 1;
      host.latencyUs += outcome.latencyUs;
      if (statusOf(outcome) < 500) host.successes += 1;
      return settings.form === 'envoy' && run(host, outcome, ctx) ? 'unhealthy' : undefined;
    },
    sweep(backends, ctx) {
      const changed = new Map<Backend, Health>();
      const judge = () => {
        for (const [backend, enforcing] of condemned(backends)) {
          if (eject(hostOf(backend), enforcing, ctx)) changed.set(backend, 'unhealthy');
        }
      };
      // Envoy looks for those whose time is up first, gRPC last.
      if (settings.form === 'grpc') judge();
      for (const backend of backends) {
        if (!changed.has(backend) && rest(hostOf(backend), ctx)) changed.set(backend, 'healthy');
      }
      if (settings.form === 'envoy') judge();
      for (const host of hosts.values()) host.total = host.successes = host.latencyUs = 0;
      return changed.size > 0 ? changed : undefined;
    },
  };
}

function newHost(): Host {
  return {
    ejectedUs: undefined,
    lastsUs: 0,
    multiplier: 0,
    run5xx: 0,
    runGateway: 0,
    runLocal: 0,
    total: 0,
    successes: 0,
    latencyUs: 0,
  };
}

function validate(settings: Settings): void {
  const { intervalUs, baseEjectionUs, maxEjectionPercent, successRateFactor } = settings;
  invariant(intervalUs > 0, `outlier-detection: intervalUs must be above 0, found ${intervalUs}`);
  invariant(baseEjectionUs > 0, `outlier-detection: baseEjectionUs must be above 0, found ${baseEjectionUs}`);
  invariant(
    successRateFactor >= 0,
    `outlier-detection: successRateFactor must be at least 0, found ${successRateFactor}`,
  );
  invariant(
    maxEjectionPercent >= 0 && maxEjectionPercent <= 100,
    `outlier-detection: maxEjectionPercent must be 0 to 100, found ${maxEjectionPercent}`,
  );
}

function enforced(percent: number, { rng }: Context): boolean {
  if (percent <= 0 || percent >= 100) return percent >= 100;
  return rng.int(100) < percent;
}

/** What Envoy makes of an error of the connection: 503, or 504 if it took too long. */
function statusOf({ kind, status }: Outcome): number {
  if (status !== 0) return status;
  return kind === 'timeout' ? 504 : 503;
}

function rateOf({ successes, total }: Host): number {
  return (100 * successes) / total;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
