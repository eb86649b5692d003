import type { Prng } from '../core/prng.ts';

/** How a pool is probed. */
export interface HealthCheckSettings {
  readonly check: 'tcp' | 'http' | 'readiness' | 'deep' | 'grpc' | 'agent';
  readonly intervalUs: number;
  readonly timeoutUs: number;
  readonly schedule: 'fixed' | 'after-result';
  /** Instead of the interval while results contradict what is believed (HAProxy: fastinter). */
  readonly fastIntervalUs?: number | undefined;
  /** Instead of the interval while the backend is out (HAProxy: downinter). */
  readonly downIntervalUs?: number | undefined;
  /** Instead of the interval until the pool gets its first request (Envoy: no_traffic_interval). */
  readonly noTrafficIntervalUs?: number | undefined;
  /** Each interval is longer or shorter by up to this share of itself (HAProxy: spread-checks). */
  readonly jitter?: number | undefined;
  /** HTTP statuses that pass, as ranges with both ends. */
  readonly accept?: readonly (readonly [number, number])[] | undefined;
  /** Text that the body must contain. */
  readonly expectBody?: string | undefined;
}

/** `steady`: results agree with what is believed. `transition`: they contradict it. `down`: the backend is out, and its probes fail. */
export type Pace = 'steady' | 'transition' | 'down';

/**
 * When the probes of a pool are sent. Who carries the probes asks here; what their results mean is for the pool's HealthPolicy to say.
 *
 * `fixed`: an interval from start to start, whether or not the last probe has come back (AWS, nginx Plus). `after-result`: an interval
 * from the last result to the next start (HAProxy, Envoy), so that against a backend that hangs a round lasts interval + timeout.
 */
export class HealthChecks {
  readonly settings: HealthCheckSettings;
  private readonly rng: Prng;
  private readonly jitters: Prng;

  constructor(settings: HealthCheckSettings, rng: Prng) {
    this.settings = settings;
    this.rng = rng;
    this.jitters = rng.fork('jitter');
  }

  /** The first probe of a backend that has just joined: anywhere within one interval, so that the probes of a pool do not march in step. */
  firstAfterUs(backendId: string): number {
    return this.rng.fork(backendId).int(this.settings.intervalUs);
  }

  /** Are probes sent an interval after the last was sent? Otherwise an interval after its result. */
  get isFixed(): boolean {
    return this.settings.schedule === 'fixed';
  }

  /** What the next interval is to be multiplied with: 1 without jitter. */
  stretch(): number {
    const { jitter = 0 } = this.settings;
    return jitter === 0 ? 1 : 1 + jitter * (2 * this.jitters.float() - 1);
  }

  /** `idle`: the pool has had no request yet. */
  intervalUs(pace: Pace, idle: boolean): number {
    const { intervalUs, fastIntervalUs, downIntervalUs, noTrafficIntervalUs } = this.settings;
    if (idle && noTrafficIntervalUs !== undefined) return noTrafficIntervalUs;
    if (pace === 'transition') return fastIntervalUs ?? intervalUs;
    return pace === 'down' ? (downIntervalUs ?? intervalUs) : intervalUs;
  }
}
