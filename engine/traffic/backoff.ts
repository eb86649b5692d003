/**
 * How long to wait before a retry. Without a wait, retries come while the trouble lasts; without chance in the wait, all who failed together come back
 * together.
 *
 * - `full-jitter`: anything below min(base (2^n - 1), max), before retry n. (Envoy: base 25 ms, max ten times that.)
 * - `exponential`: base multiplier^(n-1), at most max, give or take a part of it. (gRPC's connection back-off: 1 s, 1.6, 120 s, 20 %.)
 * - `decorrelated`: anything from base to three times the wait before, at most max.
 * - `constant`, `none`.
 *
 * Cost: O(n) multiplications of a small n; no memory.
 * Fails when: clients that wait are replaced by new ones, as under an open load. Then only a budget helps.
 * Source: Envoy, router filter (retry back-off); gRPC, doc/connection-backoff.md; Brooker, "Exponential backoff and jitter" (AWS, 2015).
 */
import type { Rng } from '../core/policy.ts';

export type BackoffOptions =
  | { readonly kind: 'none' }
  | { readonly kind: 'constant'; readonly waitUs: number }
  | { readonly kind: 'full-jitter'; readonly baseUs: number; readonly maxUs?: number | undefined }
  | {
      readonly kind: 'exponential';
      readonly baseUs: number;
      readonly multiplier: number;
      readonly jitter: number;
      readonly maxUs: number;
    }
  | { readonly kind: 'decorrelated'; readonly baseUs: number; readonly maxUs: number };

/** The wait before retry `retry` (from 1) in whole microseconds; `lastUs` is the wait before the one before, 0 if there was none. */
export function backoff(options: BackoffOptions, retry: number, lastUs: number, rng: Rng): number {
  switch (options.kind) {
    case 'none':
      return 0;
    case 'constant':
      return options.waitUs;
    case 'full-jitter':
      return Math.floor(rng.float() * fullJitterBoundUs(options, retry));
    case 'exponential': {
      const { jitter } = options;
      return Math.round(nominalUs(options, retry) * (1 - jitter + 2 * jitter * rng.float()));
    }
    case 'decorrelated': {
      const { baseUs, maxUs } = options;
      const highestUs = Math.max(baseUs, 3 * lastUs);
      return Math.min(maxUs, Math.floor(baseUs + rng.float() * (highestUs - baseUs)));
    }
  }
}

/** Envoy's wait stays below this. */
export function fullJitterBoundUs(
  { baseUs, maxUs = 10 * baseUs }: { baseUs: number; maxUs?: number | undefined },
  retry: number,
): number {
  // Past 2^31 any base is above any sensible maximum.
  return Math.min(baseUs * (powerOf(2, Math.min(retry, 31)) - 1), maxUs);
}

/** gRPC's wait before chance has its say. */
export function nominalUs(
  { baseUs, multiplier, maxUs }: { baseUs: number; multiplier: number; maxUs: number },
  attempt: number,
): number {
  let waitUs = baseUs;
  for (let n = 1; n < attempt && waitUs < maxUs; n++) waitUs *= multiplier;
  return Math.min(waitUs, maxUs);
}

function powerOf(base: number, exponent: number): number {
  let product = 1;
  for (let n = 0; n < exponent; n++) product *= base;
  return product;
}
