import type { Prng } from '../core/prng.ts';

/** How a pool is probed. */
export interface HealthCheckSettings {
  readonly check: 'tcp' | 'http';
  readonly intervalUs: number;
  readonly timeoutUs: number;
  readonly schedule: 'fixed' | 'after-result';
}

/**
 * When the probes of a pool are sent. Who carries the probes asks here; what their results mean is for the pool's HealthPolicy to say.
 *
 * `fixed`: an interval from start to start, whether or not the last probe has come back (HAProxy, nginx Plus). `after-result`: an interval
 * from the last result to the next start (Envoy), so that against a backend that hangs a round lasts interval + timeout.
 */
export class HealthChecks {
  readonly settings: HealthCheckSettings;
  private readonly rng: Prng;

  constructor(settings: HealthCheckSettings, rng: Prng) {
    this.settings = settings;
    this.rng = rng;
  }

  /** The first probe of a backend that has just joined: anywhere within one interval, so that the probes of a pool do not march in step. */
  firstAfterUs(backendId: string): number {
    return this.rng.fork(backendId).int(this.settings.intervalUs);
  }

  /** From the sending of a probe to that of the next; undefined where the result is waited for. */
  get afterSendingUs(): number | undefined {
    return this.settings.schedule === 'fixed' ? this.settings.intervalUs : undefined;
  }

  /** From the result of a probe to the sending of the next; undefined where nobody waits for results. */
  get afterResultUs(): number | undefined {
    return this.settings.schedule === 'after-result' ? this.settings.intervalUs : undefined;
  }
}
