/**
 * Peak EWMA: a moving average of latencies that believes bad news at once. A sample above the estimate replaces it; one below is averaged in with weight
 * 1 - exp(-time since the last update / decay). The load is the estimate times (requests in flight + 1).
 *
 * Reading is a sample of 0: the estimate falls while nothing is heard, so a backend that was slow once gets another try.
 *
 * Cost: O(1) with one exponential, two numbers a backend. Fails when: a backend fails fast: its estimate falls to nothing and it draws the traffic (Linkerd
 * counts some failures as slow for that reason). A single slow answer bans a backend for a while.
 *
 * Source: tower, load/peak_ewma.rs; Linkerd's defaults of 30 ms and 10 s. Finagle's form starts from 0 instead of a default and gives a backend without history a
 * penalty while a first request is under way; (2^63 - 1) >> 16 nanoseconds is 39 hours. Envoy's extension: default 10 ms.
 */
import { exp, ln } from '../../core/maths.ts';
import type { Context } from '../../core/policy.ts';
import { PerBackend, RANK_OF_NOTHING } from './load-metric.ts';
import type { LoadMetric } from './load-metric.ts';
import type { EwmaOptions } from './ewma.ts';

const LINKERD_DEFAULT_US = 30_000;
const DECAY_US = 10_000_000;
/** In nanoseconds, as Finagle reckons. */
const PENALTY_NS = 0x7fffffffffff;

class PeakEstimate {
  valueUs: number;
  atUs = -1;

  constructor(valueUs: number) {
    this.valueUs = valueUs;
  }

  observe(sampleUs: number, nowUs: number, decayUs: number): void {
    if (sampleUs > this.valueUs) this.valueUs = sampleUs;
    else {
      const kept = this.atUs < 0 ? 1 : exp(-(nowUs - this.atUs) / decayUs);
      this.valueUs = this.valueUs * kept + sampleUs * (1 - kept);
    }
    this.atUs = nowUs;
  }
}

export function peakEwma({ decayUs = DECAY_US, defaultUs = LINKERD_DEFAULT_US }: EwmaOptions = {}): LoadMetric {
  return peaks(decayUs, defaultUs, false);
}

export function finaglePeakEwma({ decayUs = DECAY_US }: EwmaOptions = {}): LoadMetric {
  return peaks(decayUs, 0, true);
}

function peaks(decayUs: number, defaultUs: number, penalised: boolean): LoadMetric {
  const estimates = new PerBackend(() => new PeakEstimate(defaultUs));

  return {
    load(backend, { nowUs }: Context) {
      const estimate = estimates.of(backend);
      estimate.observe(0, nowUs, decayUs);
      const { inFlight } = backend;
      if (penalised && estimate.valueUs === 0 && inFlight > 0) return (PENALTY_NS + inFlight) / 1000;
      return estimate.valueUs * (inFlight + 1);
    },
    rank(backend) {
      const { valueUs, atUs } = estimates.of(backend);
      const { inFlight } = backend;
      if (valueUs > 0) return ln(valueUs * (inFlight + 1)) + Math.max(atUs, 0) / decayUs;
      return penalised && inFlight > 0 ? Number.MAX_SAFE_INTEGER + inFlight : RANK_OF_NOTHING;
    },
    onPoolChange(backends, { nowUs }) {
      for (const backend of backends) if (!estimates.has(backend)) estimates.of(backend).atUs = nowUs;
    },
    onRequestEnd(backend, _request, { latencyUs }, { nowUs }) {
      estimates.of(backend).observe(latencyUs, nowUs, decayUs);
    },
  };
}
